"""Times as geometry: bars, and how much ran at once."""
