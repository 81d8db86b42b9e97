"""How much memory spans may take, and what is given back."""
