"""What failed, and why."""
