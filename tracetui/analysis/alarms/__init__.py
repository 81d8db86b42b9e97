"""What of a live run cannot wait for its end: tests that hang, and a limit that it will not keep."""
