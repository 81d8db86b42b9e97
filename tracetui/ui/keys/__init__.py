"""The one table of keys, and the user's own."""
