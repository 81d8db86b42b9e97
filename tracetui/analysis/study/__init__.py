"""One snapshot after the other, worked out: what is known of one is added to for the next."""
