"""What spans say, as numbers of a few bytes each."""
