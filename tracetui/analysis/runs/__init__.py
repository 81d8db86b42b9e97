"""Which spans are one run, and how each run ended."""
