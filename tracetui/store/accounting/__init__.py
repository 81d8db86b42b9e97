"""What a recording is beside its spans: sources, writers, what they lost, and each thing counted once."""
