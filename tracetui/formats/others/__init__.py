"""Every other writer's format, one module each."""
