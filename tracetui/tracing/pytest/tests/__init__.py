"""The spans of tests, their attempts and phases."""
