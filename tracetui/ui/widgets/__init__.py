"""Thin widgets: they hold a cursor or a scroll offset, and paint what `renderables` compute."""
