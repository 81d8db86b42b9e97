"""What each worker did when."""
