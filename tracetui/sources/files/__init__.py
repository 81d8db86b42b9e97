"""Regular files, read as they are or as they grow."""
