"""Rules that a run has to keep: limits on times, regressions, and what must not happen."""
