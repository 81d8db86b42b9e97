"""Values: what a span is, and the rules that give it a role in a test run."""
