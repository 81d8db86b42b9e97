"""Reports for decisions: where a run's time went, what would help, whether it did."""
