"""One screen per mode; state lives here, goes down by data binding and comes up by message."""
