"""The tree of spans: parents, children and display order."""
