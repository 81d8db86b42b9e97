"""`tracetui watch`: a directory of spans while it grows, or what comes by OTLP."""

from pathlib import Path
from typing import Any

import click

from tracetui.cli import options
from tracetui.cli.hand_over.baseline import asked_while_it_runs, while_it_runs
from tracetui.cli.record.receive import Where, addresses, receive_into
from tracetui.cli.screens import print_pages, show, title_of
from tracetui.cli.views import read
from tracetui.errors import InputError
from tracetui.ui.app.tty import has_terminal

RECEIVED = "spans"


@click.command()
@click.argument("directory", metavar="[DIR]", required=False)
@click.option(
    "--receive", is_flag=True, help="Receive OTLP into DIR (default: spans), as receive --watch does."
)
@addresses
@options.memory
@options.theme
@options.ascii_
@options.limit
@while_it_runs
def watch(directory: str | None, receive: bool, baseline: str | None, **where: Any) -> int:
    """Follow a directory of spans.

    It is created if it does not exist yet.
    """
    if receive:
        return receive_into(directory or RECEIVED, Where(**where), watch=True, baseline=baseline)
    if Where(**where) != Where():
        raise InputError(
            "watch: --grpc, --http, --token-file, --tls-... are for what is received: add --receive"
        )
    if directory is None:
        raise InputError("watch: name the directory to follow, such as: tracetui watch spans")
    path = Path(directory)
    if path.exists() and not path.is_dir():
        raise InputError(f"{directory}: not a directory; open a file with: tracetui open {directory}")
    settings = options.chosen()
    find = asked_while_it_runs(baseline) if baseline else None
    if not has_terminal():
        return print_pages(read([directory]), find)
    from tracetui.ingest import Ingest

    path.mkdir(parents=True, exist_ok=True)
    ingest = Ingest([directory], follow=True, memory=settings.memory)
    return show(ingest, title_of([directory]), settings, path, find=find)
