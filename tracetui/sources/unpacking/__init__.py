"""From compressed bytes and other encodings to plain ones."""
