"""Hooks: those that wrote no spans, and those that are fixtures."""
