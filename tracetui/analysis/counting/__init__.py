"""Which spans count as tests of a run, and which as something else."""
