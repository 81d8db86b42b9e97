"""Values: what a span is, and the rules that say what it is in a test run."""
