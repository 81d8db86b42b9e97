"""Which lane each block belongs to: as workers are named, else as blocks fit."""
