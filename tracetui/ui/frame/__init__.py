"""What every mode has around it: header, tabs, footer."""
