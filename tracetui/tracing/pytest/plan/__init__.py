"""A plan of `tracetui plan`, applied: the order of tests, how xdist hands them out, or one of its shards."""
