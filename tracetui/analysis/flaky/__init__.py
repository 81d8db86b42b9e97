"""Tests that pass and fail at the same revision: evidence, how often, what it costs; broken tests apart."""
