"""The receiver, asked by exporters that nobody here wrote, and by clients that mean no good."""
