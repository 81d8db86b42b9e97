"""How tests are handed out to workers, and how long a run takes that hands them out otherwise."""
