"""The mode Compare: this run against another."""
