"""A run as one HTML page, for whoever has no terminal: it loads nothing, and reads without scripts."""
