"""Runners of other people, as their users run them: the recipes of `tracetui help runners`."""
