"""The mode Run: a run at a glance."""
