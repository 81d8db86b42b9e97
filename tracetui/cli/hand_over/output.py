"""Where a document goes: standard output, or a file that is written completely or not at all."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from tracetui.atomic import write_whole

Command = TypeVar("Command", bound=Callable[..., Any])

out: Callable[[Command], Command] = click.option(
    "-o",
    "--out",
    "path",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to FILE, whole or not at all (default: standard output).",
)


def deliver(parts: Iterable[str], path: Path | None) -> None:
    """Write a document; anything that is not valid Unicode is escaped."""
    if path is None:
        from tracetui.cli.printing import write

        write(parts)
        return
    deliver_bytes((part.encode("utf-8", "backslashreplace") for part in parts), path)


def deliver_bytes(parts: Iterable[bytes], path: Path | None) -> None:
    """Write a binary document."""
    if path is None:
        sys.stdout.buffer.writelines(parts)
        return
    path = path.resolve()
    if path.exists() and not path.is_file():  # A pipe or a device has no place beside it.
        with path.open("wb") as file:
            file.writelines(parts)
    else:
        write_whole(path, parts, is_private=False)
