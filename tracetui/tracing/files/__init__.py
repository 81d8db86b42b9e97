"""The files that spans and start records are written to."""
