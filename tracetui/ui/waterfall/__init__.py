"""The mode Waterfall: the tree of spans with their bars."""
