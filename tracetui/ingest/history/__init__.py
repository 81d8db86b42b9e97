"""The runs of a directory over time: an index that is read instead of all their files."""
