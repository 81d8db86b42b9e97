"""The commands that record what others send."""
