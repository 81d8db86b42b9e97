"""The mode Slowest: what costs most."""
