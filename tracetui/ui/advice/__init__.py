"""What would help a run, as a panel."""
