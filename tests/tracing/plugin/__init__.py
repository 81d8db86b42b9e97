"""Tests of the pytest plugin's rooms, each in real runs of small suites."""
