"""Runs test suites again on revisions of their repository, for `tracetui confirm`."""
