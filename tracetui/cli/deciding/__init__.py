"""The commands that decide: each prints a page, or JSON made from the same value."""
