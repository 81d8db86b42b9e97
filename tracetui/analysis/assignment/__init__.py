"""Assigns blocks to lanes: by the names of workers, or else by timing."""
