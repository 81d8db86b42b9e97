"""The order of tests, and the way to hand them out, with which a run would end soonest."""
