"""Screens above a mode: help, runs, filters, columns; finding and filtering."""
