"""The order of tests, and how they are handed out, with which a run would end soonest."""
