"""The mode What if: what would change the run's wall time."""
