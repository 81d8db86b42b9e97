"""Parameters of tests and fixtures as short text, whatever they are."""

from __future__ import annotations

import json
import math
import reprlib
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii as as_text

_LONGEST = 200


class _Short(reprlib.Repr):
    """A `Repr` that is never too long and never raises."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = self.maxlong = _LONGEST


_short = _Short()


def shown(value: object) -> str:
    """`repr(value)`, at most 200 characters."""
    try:
        return _short.repr(value)[:_LONGEST]
    except Exception:  # noqa: BLE001 - foreign code: what its repr raises costs only its text
        return f"<unprintable {type(value).__name__}>"


def as_json(parameters: Mapping[str, object]) -> str:
    """Parameters as one JSON object: plain short values as they are, others as `shown`."""
    return f"{{{', '.join([f'{as_text(name)}: {_json(parameters[name])}' for name in parameters])}}}"


def _json(value: object) -> str:
    # What `json.dumps` does with most parameters there are, at a fifth of the cost.
    if type(value) is int and abs(value) < 1 << 63:
        return str(value)
    if type(value) is str and len(value) <= _LONGEST:
        return as_text(value)
    is_plain = value is None or type(value) is bool or (type(value) is float and math.isfinite(value))
    return json.dumps(value if is_plain else shown(value))
