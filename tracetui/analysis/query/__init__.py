"""Selecting spans: filters and searches."""
