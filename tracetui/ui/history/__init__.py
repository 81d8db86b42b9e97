"""The mode History: tests over all runs."""
