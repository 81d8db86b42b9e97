"""Which spans are meant: filters and searches."""
