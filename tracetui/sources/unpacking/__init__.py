"""Compressed bytes and other encodings to plain ones."""
