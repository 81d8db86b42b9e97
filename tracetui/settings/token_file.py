"""A token in a file: on a command line everybody could read it."""

from pathlib import Path

from tracetui.errors import InputError


def token_in(file: Path) -> str:
    """The token; raises `InputError` if the file has none."""
    token = file.read_text(errors="replace").strip()
    if not token:
        raise InputError(f"{file}: no token in it")
    return token
