"""A run as one HTML page that loads nothing and is readable without scripts."""
