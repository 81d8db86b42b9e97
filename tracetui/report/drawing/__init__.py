"""Tables, axes, shapes and styles of pages."""
