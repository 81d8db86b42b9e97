"""Documents of any size, read element by element: memory holds a piece of them, never all."""
