"""Where a document goes: standard output, or a file that is there whole or not at all; and how far it is."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

LEAST_SPANS = 20_000
"""Of fewer, nobody waits long enough to read a bar."""

out: Callable[[Command], Command] = click.option(
    "-o",
    "--out",
    "path",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to FILE, whole or not at all (default: standard output).",
)


def deliver(parts: Iterable[str], path: Path | None) -> None:
    """Writes a document; what is no Unicode in it is spelled out."""
    if path is None:
        from tracetui.cli.printing import write

        write(parts)
        return
    deliver_bytes((part.encode("utf-8", "backslashreplace") for part in parts), path)


def deliver_bytes(parts: Iterable[bytes], path: Path | None) -> None:
    """Writes a document that is no text."""
    if path is None:
        sys.stdout.buffer.writelines(parts)
        return
    path = path.resolve()
    if path.exists() and not path.is_file():  # A pipe or a device has no place beside it.
        _write(path, parts)
        return
    beside = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        _write(beside, parts)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _write(path: Path, parts: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(parts)


@contextmanager
def progress(total: int, label: str, path: Path | None) -> Iterator[Callable[[int], None]]:
    """A bar with rate and time left, where that takes long and there is a terminal to show it on.

    Yields what is to be called with how many more spans are done.
    """
    shown = total >= LEAST_SPANS and sys.stderr.isatty() and (path is not None or not sys.stdout.isatty())
    if not shown:
        yield lambda _: None
        return
    began, done = time.monotonic(), 0
    with click.progressbar(
        length=total, label=label, file=sys.stderr, item_show_func=lambda rate: rate or ""
    ) as bar:

        def advance(count: int) -> None:
            nonlocal done
            done += count
            bar.update(count, f"{done / max(time.monotonic() - began, 1e-3):,.0f} spans/s")

        yield advance
