"""What a live run should report at once: hung tests, and a time limit that it will breach."""
