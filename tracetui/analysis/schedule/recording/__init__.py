"""What a recording tells of the work of its run, and of how that was handed out."""
