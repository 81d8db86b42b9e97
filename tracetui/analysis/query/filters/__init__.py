"""A small language that says which spans are meant: text to a tree of conditions, and these to rows."""
