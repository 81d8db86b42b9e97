"""What dead processes left open is ended for them."""
