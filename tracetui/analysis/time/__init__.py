"""When spans were, how long they took, and which clocks are off."""
