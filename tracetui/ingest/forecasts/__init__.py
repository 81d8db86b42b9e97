"""Forecasts, stored beside the recordings that they were made from."""
