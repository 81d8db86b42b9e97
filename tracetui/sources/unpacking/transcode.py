"""UTF-16 and UTF-32 to UTF-8, as PowerShell writes text with `>`: recognised by a byte order mark.

Without one, JSON in UTF-16 is recognised by the zeros beside its first characters.
"""

import codecs

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
"""The longest first: the mark of UTF-16 is the beginning of that of UTF-32."""

FIRST_BYTES = frozenset(mark[0] for mark, _ in _MARKS)

_BRACKETS = b"{["
_TELLING = 8
"""So many bytes are looked at where there is no mark."""


def encoding(head: bytes) -> str:
    """The encoding of text that starts with `head`; empty if unknown."""
    if head[:1] and head[0] not in FIRST_BYTES and 0 not in head[:_TELLING]:
        return ""
    return next((name for mark, name in _MARKS if head.startswith(mark)), "") or _of_json(head[:_TELLING])


def may_be_wide(head: bytes) -> bool:
    """Whether more bytes may show that JSON which starts with these has two bytes a character."""
    return head[:1] in (b"{", b"[") and head[1:2] in (b"", b"\0")


def _of_json(head: bytes) -> str:
    """The encoding of JSON of which every other byte is zero."""
    for zeros, name in ((1, "UTF-16-LE"), (0, "UTF-16-BE")):
        characters = head[1 - zeros :: 2]
        if len(head) == _TELLING and not any(head[zeros::2]) and all(characters):
            return name if characters[0] in _BRACKETS else ""
    return ""


class Transcoder:
    """An `Unpacker` of text: invalid characters become U+FFFD, so it never fails."""

    trouble = ""

    def __init__(self, name: str) -> None:
        self.kind = name[: len("UTF-16")]
        self._decoder = codecs.getincrementaldecoder(name)("replace")
        self._output = b""

    def feed(self, data: bytes) -> None:
        """The next bytes; only when `take` gave none."""
        self._output += self.all_of(data)

    def take(self, limit: int) -> bytes:
        """The next bytes of UTF-8, at most `limit`; empty if more must be fed."""
        taken, self._output = self._output[:limit], self._output[limit:]
        return taken

    def all_of(self, data: bytes) -> bytes:
        """The next bytes as UTF-8, at once: at most half as many more."""
        return self._decoder.decode(data).encode("utf-8", "replace")

    def finish(self) -> None:
        """No more bytes will be fed: half a character at the end is dropped."""
