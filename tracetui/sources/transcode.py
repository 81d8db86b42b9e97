"""UTF-16 and UTF-32 to UTF-8, as PowerShell writes text with `>`: known by a byte order mark."""

import codecs

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
"""The longest first: the mark of UTF-16 is the beginning of that of UTF-32."""

FIRST_BYTES = frozenset(mark[0] for mark, _ in _MARKS)


def encoding(head: bytes) -> str:
    """What text that starts with `head` is encoded in; empty where no byte order mark tells."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), "")


class Transcoder:
    """An `Unpacker` of text: what is no character becomes U+FFFD, and nothing is ever in trouble."""

    trouble = ""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._decoder = codecs.getincrementaldecoder(kind)("replace")
        self._output = b""

    def feed(self, data: bytes) -> None:
        """The next bytes; only when `take` gave none."""
        self._output += self._decoder.decode(data).encode("utf-8", "replace")

    def take(self, limit: int) -> bytes:
        """The next bytes of UTF-8, at most `limit`; none where more must be fed."""
        taken, self._output = self._output[:limit], self._output[limit:]
        return taken

    def finish(self) -> None:
        """No more bytes will be fed: half a character at the end is left out."""
