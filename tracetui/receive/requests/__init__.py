"""Export requests, read record by record: of a request of any size, only its bytes and its lines are held."""
