"""Test suites run again, on revisions of their repository: what `tracetui confirm` does."""
