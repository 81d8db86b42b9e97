"""The chain of work and waiting that determined a run's duration."""
