"""The tree of spans: who lies below whom, and where."""
