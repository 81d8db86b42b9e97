"""Recordings to loads, and loads to stores: the same file twice, or half of it before, changes no number."""
