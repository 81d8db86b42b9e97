"""What costs most: spans in groups, with sums and percentiles."""
