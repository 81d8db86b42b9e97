"""The chain of work and waits that a run took as long as."""
