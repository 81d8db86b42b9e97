"""The frame of every mode: header, tabs, footer."""
