"""A recording as a table, a row for each span; all formats share flat columns about its test run."""
