"""Studies one snapshot after the other, each building on the last result."""
