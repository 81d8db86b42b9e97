"""Recordings to loads, and loads to stores: reading a file twice, or half of it before, changes no number."""
