"""Core dumps: where the kernel writes them, and which parts of them matter."""
