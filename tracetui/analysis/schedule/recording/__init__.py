"""What a recording says of its run's work, and of how that was handed out."""
