"""Rules for a run: limits on times, regressions, and what must not happen."""
