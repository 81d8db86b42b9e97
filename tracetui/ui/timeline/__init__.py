"""Rows with bars on one time axis."""
