"""A small filter language: text to a tree of conditions, and that to rows."""
