"""The commands that record what other programs send."""
