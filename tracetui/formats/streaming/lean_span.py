"""An OTLP/JSON span of hundreds of thousands of values, reduced to what is asked of one that is only listed.

Its events and links are left where they are, and those of its attributes that no rule asks for.
"""

import msgspec

from tracetui.formats.framing.expansion_limit import swells
from tracetui.formats.otlp.wire import WireAttribute, WireSpan
from tracetui.formats.streaming.elements import Elements
from tracetui.model.rules import HOT_KEYS

_ATTRIBUTE = ".attributes[]"
_ENTERED = frozenset(("{", ".attributes["))
_LEFT = frozenset((".events", ".links"))
_KEPT = frozenset(f".{field.encode_name}" for field in msgspec.structs.fields(WireSpan)) - _LEFT
_AT_ONCE = 1 << 18
_attribute = msgspec.json.Decoder(WireAttribute)


class _Lean:
    """A sink that keeps what is asked for."""

    def __init__(self) -> None:
        self.fields: dict[str, bytes] = {}
        self.attributes: list[bytes] = []

    def value(self, path: str, raw: bytes, _offset: int) -> None:
        """A field of the span, or one of its attributes."""
        if path == _ATTRIBUTE:
            if _is_hot(raw):
                self.attributes.append(raw)
        elif path in _KEPT and not swells(raw):
            self.fields[path[1:]] = raw

    def end(self, _path: str) -> None:
        """Nothing."""

    def garbage(self, _offset: int, _length: int, *, too_long: bool = False) -> None:
        """Nothing."""


def lean(span: memoryview) -> bytes:
    """The same span with fewer values; `span` is one JSON object."""
    kept = _Lean()
    walk = Elements(kept, _ENTERED, 0, left=_LEFT)
    for at in range(0, len(span), _AT_ONCE):
        walk.feed(bytes(span[at : at + _AT_ONCE]))
    fields = [b'"%b":%b' % (name.encode(), raw) for name, raw in kept.fields.items()]
    return b'{%b,"attributes":[%b]}' % (b",".join(fields), b",".join(kept.attributes))


def _is_hot(raw: bytes) -> bool:
    try:
        return _attribute.decode(raw).key in HOT_KEYS
    except (ValueError, RecursionError):
        return False
