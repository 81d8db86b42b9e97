"""Numbers that spans carry, in a few bytes each."""
