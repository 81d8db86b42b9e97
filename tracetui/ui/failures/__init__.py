"""The mode Failures: what failed, and why."""
