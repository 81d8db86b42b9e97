"""A directory of Parquet files by date, and the manifests that say which of them are valid."""
