"""Compares two sides of runs: what got slower or faster, what broke, what was added or removed."""
