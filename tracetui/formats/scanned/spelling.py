"""How the kernel's places in a text are read: in JSON, and in protobuf."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from tracetui.formats.columns import odd_around
from tracetui.formats.otlp.otlp_values import AsJson, any_text, resource_json, scope_json

_string = msgspec.json.Decoder(str)
_QUOTE = ord('"')


class Spelling(NamedTuple):
    """Functions that raise `ValueError` where other means have to read the span.

    `name` is given the place of a name in a text, `value` an attribute's value, `resource` and `scope` one.
    """

    name: Callable[[bytes, int, int], str]
    value: Callable[[bytes], str]
    resource: Callable[[bytes], AsJson]
    scope: Callable[[bytes], AsJson]


def _json_name(text: bytes, at: int, length: int) -> str:
    name = text[at : at + length]
    return _string.decode(text[at - 1 : at + length + 1]) if b"\\" in name else str(name, "utf-8")


def _json_value(value: bytes) -> str:
    """A JSON string, or another plain value as it is spelled."""
    if b"\\" in value:
        return _string.decode(value)
    return str(value[1:-1] if value[0] == _QUOTE else value, "utf-8")


def _message_name(text: bytes, at: int, length: int) -> str:
    return text[at : at + length].decode("utf-8", "replace")


JSON = Spelling(
    _json_name,
    _json_value,
    lambda raw: AsJson(raw, odd_around(raw, b"")),
    lambda raw: AsJson(raw, odd_around(b"", raw)),
)
PROTOBUF = Spelling(_message_name, any_text, resource_json, scope_json)
