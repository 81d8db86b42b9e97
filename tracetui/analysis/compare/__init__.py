"""Two sides of runs held against each other: what got slower, faster, broke, came and went."""
