"""Which spans count as tests of a run, and which do not."""
