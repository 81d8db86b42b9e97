"""How tests are handed out to workers, and how long a run takes with other ways to do that."""
