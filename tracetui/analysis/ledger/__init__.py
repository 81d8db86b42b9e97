"""Where the time of all lanes went, to the nanosecond."""
