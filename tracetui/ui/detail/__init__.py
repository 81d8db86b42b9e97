"""One span in full."""
