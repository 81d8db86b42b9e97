"""The other processes of a run: workers of xdist, and forks."""
