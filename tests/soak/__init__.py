"""A viewer that watches for long, while everything happens that happens to files of a test run."""
