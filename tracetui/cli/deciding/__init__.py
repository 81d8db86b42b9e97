"""The commands for decisions: each prints a page, or JSON made from the same value."""
