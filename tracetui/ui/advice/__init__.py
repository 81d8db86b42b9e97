"""What would help a run, on its screen."""
