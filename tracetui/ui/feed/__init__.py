"""The thread that reads, and which of its readings is shown."""
