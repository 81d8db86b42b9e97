"""What a recording has beside its spans: sources, writers, losses, and each thing counted once."""
