"""A run's tests as files that CI systems read: each module writes one format, in parts."""
