"""What matters about a run at a glance."""
