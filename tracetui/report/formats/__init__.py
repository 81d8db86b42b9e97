"""A run's tests as the files that CI systems read: each module writes one format, in parts."""
