"""Core dumps: where the kernel puts them, and what of them matters."""
