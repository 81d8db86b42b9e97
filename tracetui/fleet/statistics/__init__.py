"""What the answers of engines say: verdicts, intervals and change points, by the statistics of `analysis`."""
