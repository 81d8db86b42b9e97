"""What tracing asks of the process it is in and of the system, whatever tests do to both."""
