"""The memory limit for spans, and returning memory to the system."""
