"""What tracing needs of its process and of the system, whatever tests do to both."""
