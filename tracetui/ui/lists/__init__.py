"""Lists of any number of rows, and panels."""
