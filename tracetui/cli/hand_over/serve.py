"""`tracetui serve`: the app in a browser."""

import socket
import sys
from pathlib import Path

import click

from tracetui.errors import InputError

PORT = 8000


@click.command()
@click.argument("path", metavar="PATH|DIR", type=click.Path(exists=True, path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on."
)
def serve(path: Path, host: str, port: int) -> None:
    """Show a recording, or a growing directory, in a browser.

    Only this machine can reach it, unless --host says otherwise, and the app opens only at the address that
    is printed: it has a token.
    """
    try:
        from tracetui.web.server import AppServer
    except ImportError:
        raise InputError("serve needs more: pip install 'tracetui[web]'") from None
    from tracetui.text import sanitize

    _require_free(host, port)
    verb = "watch" if path.is_dir() else "open"
    title = f"tracetui: {sanitize(path.resolve().name)}"
    AppServer([verb, "--", str(path)], host, port, title, _tell).serve()


def _require_free(host: str, port: int) -> None:
    """Raises `InputError` if the port is taken: the server announces its address before it listens."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError:
        raise InputError(f"{host}:{port} cannot be listened on: choose another with --port") from None


def _tell(address: str) -> None:
    print(f"tracetui: {address} (ctrl+c ends it)", file=sys.stderr, flush=True)
