"""`python -m tracetui` is `tracetui`."""

from tracetui.cli import main

main()
