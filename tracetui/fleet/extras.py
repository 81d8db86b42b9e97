"""The extras to install for a command: the libraries of this room are optional."""

from collections.abc import Iterator
from contextlib import contextmanager

from tracetui.errors import InputError

_EXTRAS = {"clickhouse_connect": "clickhouse", "chdb": "fleet-test", "pyspark": "spark"}
"""By library, the extra that brings it; all others come with `fleet`."""


@contextmanager
def needed() -> Iterator[None]:
    """Raises `InputError` with the line that installs a missing library."""
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library == "tracetui":
            raise
        extra = _EXTRAS.get(library, "fleet")
        raise InputError(
            f"{library} is not installed; it comes with: pip install 'tracetui[{extra}]'"
        ) from None
