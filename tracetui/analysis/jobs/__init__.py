"""The jobs and shards that runs are made of."""
