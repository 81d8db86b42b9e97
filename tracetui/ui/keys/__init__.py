"""The one table of keys, and the reader's own."""
