"""What of a run matters at a glance."""
