"""Compares what was predicted of runs with what they did."""
