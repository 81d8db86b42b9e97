"""The app itself: its modes and commands, its terminal, and how it ends."""
