"""Makes bytes legal in XML without moving any: what XML has no place for becomes `?`, byte by byte.

Programs under test print control characters and half characters, and writers copy that into their XML.
"""

import codecs
import re

_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r")
_TABLE = bytes.maketrans(_CONTROLS, b"?" * len(_CONTROLS))
_NO_CHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]")
_ONE_BYTE = re.compile(
    rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["'](?:iso-8859-1|iso-8859-15|latin-?1|windows-1252|cp1252)["']""",
    re.IGNORECASE,
)
_SAME_LENGTH = "tracetui.same_length"
UTF_8, LATIN_1 = "utf-8", "iso-8859-1"


def _marked(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "?" * (error.end - error.start), error.end


codecs.register_error(_SAME_LENGTH, _marked)


def encoding_of(head: bytes) -> str:
    """The encoding of a document that begins with `head`: what is not told is UTF-8, and so is UTF-16, which
    was converted before.
    """
    return LATIN_1 if _ONE_BYTE.match(head) else UTF_8


class LegalText:
    """A stream of bytes in UTF-8 or Latin-1, legal in XML: as many bytes, each at its place."""

    def __init__(self, encoding: str = UTF_8) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)(_SAME_LENGTH) if encoding == UTF_8 else None

    def feed(self, data: bytes, *, is_last: bool = False) -> bytes:
        """The next bytes; up to three are held until their character is complete, except at the end."""
        if self._decoder:
            data = self._decoder.decode(data, is_last).encode(UTF_8)
            data = _NO_CHARACTER.sub(b"???", data) if b"\xef\xbf" in data else data
        return data.translate(_TABLE)
