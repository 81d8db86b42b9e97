"""Forecasts, kept beside the recordings that they were made from."""
