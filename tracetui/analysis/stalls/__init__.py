"""Stretches in which nothing made progress, and why."""
