"""Spans that the native kernel found in a text: scanning, also ahead of what is read, and their columns."""
