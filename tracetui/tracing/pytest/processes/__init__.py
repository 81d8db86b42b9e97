"""The other processes of a run: xdist's workers, and forks."""
