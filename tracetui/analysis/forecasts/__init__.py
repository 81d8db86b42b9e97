"""What was predicted of runs, against what came of it."""
