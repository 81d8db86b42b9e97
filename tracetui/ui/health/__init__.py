"""The mode Health: what could not be read, or is doubtful."""
