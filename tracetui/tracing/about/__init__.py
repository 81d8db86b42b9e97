"""What a process says of itself in its resource: service, host, process, and the CI run it is part of."""
