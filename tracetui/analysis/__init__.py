"""Pure functions over a Snapshot: the tree, times, rankings, runs and the geometry of bars."""
