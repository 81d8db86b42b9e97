"""A recording as a table, a row for each span; all of them share flat columns about its test run."""
