"""How what arrives finds what it belongs to, in whatever order it comes."""
