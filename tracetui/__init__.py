"""See what a test run does, while it does it."""
