"""Recordings as rows of facts, by the same rules as every screen and verb."""
