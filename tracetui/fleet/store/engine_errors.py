"""What engines raise that cannot answer, as an error of ours: one line instead of a traceback."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tracetui.errors import InputError, TracetuiError

_CLASSES = (
    ("duckdb", "Error"),
    ("clickhouse_connect.driver.exceptions", "ClickHouseError"),
    ("urllib3.exceptions", "HTTPError"),
    ("pyspark.errors", "PySparkException"),
    ("grpc", "RpcError"),
    ("ibis.common.exceptions", "TableNotFound"),
)
"""By module, what it raises; other errors are bugs of ours."""
LONGEST = 200
_DETAILS = re.compile(r'details = "([^"\n]+)')
"""How gRPC tells what happened, below what class of error it is."""


@contextmanager
def answering(shown: str, *more: type[Exception]) -> Iterator[None]:
    """Raises `InputError` where the engine of the store that is `shown` fails, or with one of `more`."""
    try:
        yield
    except TracetuiError:
        raise
    except (*_raised(), *more) as error:
        raise InputError(f"{shown}: the store does not answer: {_reason(error)}") from None


def _raised() -> list[type[Exception]]:
    """The classes of engines that are loaded: no other can have failed."""
    return [getattr(sys.modules[module], name) for module, name in _CLASSES if module in sys.modules]


def _reason(error: Exception) -> str:
    """The first line that says something, not all of a stack in the server."""
    text = str(error)
    if details := _DETAILS.search(text):
        return details[1][:LONGEST]
    lines = (line.strip() for line in text.splitlines())
    return next(filter(None, lines), type(error).__name__)[:LONGEST]
