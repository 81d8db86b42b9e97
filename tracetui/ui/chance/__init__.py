"""What may be chance: which tests are flaky, and what ran beside them when they failed."""
