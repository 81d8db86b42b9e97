"""The reading thread, and which of its readings is shown."""
