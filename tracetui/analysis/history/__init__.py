"""What tests took in earlier runs, and which are slow compared with that."""
