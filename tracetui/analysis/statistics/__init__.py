"""Statistics of many tests at once: rank tests, t tests, false discoveries, intervals, run speed."""
