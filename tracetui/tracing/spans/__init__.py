"""A span on its way from the program to its line."""
