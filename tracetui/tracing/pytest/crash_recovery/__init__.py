"""Ends the spans that dead processes left open."""
