"""What the tests of sources read with, and what they write: lines that start and end alike, as spans do."""

from pathlib import Path

from tracetui.sources.block import Source

HEAD = b'{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":"' + b"s" * 220 + b'"}]},'
FOOT = b'"attributes":[{"key":"tracetui.span.role","value":{"stringValue":"test"}}],"status":{}}]}]}]}\n'


def line(number: int) -> bytes:
    """A line of constant length whose only own bytes are its number, between a long equal head and foot."""
    return HEAD + b'"spanId":"%016x",' % number + FOOT


def drain(source: Source, limit: int = 1 << 16) -> bytes:
    """All that can be read now; the blocks must be contiguous and as small as asked for."""
    parts = []
    expected: int | None = None
    while block := source.read(limit):
        assert 0 < len(block.data) <= limit
        assert expected is None or block.offset == expected
        expected = block.offset + len(block.data)
        parts.append(block.data)
    return b"".join(parts)


def held(spans: Path) -> list[str]:
    """The files below `spans` that this process has open."""
    links = (str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
    return [link for link in links if link.startswith(str(spans))]
