"""Text in UTF-16 and UTF-32: read as UTF-8, at the offsets of that."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import line, span
from tracetui.ingest.loading import load
from tracetui.sources.unpacking.transcode import Transcoder, encoding
from tracetui.sources.unpacking.unpack import may_be_packed

TEXT = "plain, é, 日本語, 🧪\n"
ENCODINGS = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
WITHOUT = (("utf-16-le", ""), ("utf-16-be", ""))


def with_mark(text: str, name: str) -> bytes:
    return ("\ufeff" + text).encode(name)


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_byte_order_mark_tells(name: str) -> None:
    """In either order of bytes."""
    assert encoding(with_mark(TEXT, name)) == name[:6].upper()
    assert encoding(TEXT.encode()) == ""


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_json_without_a_mark(name: str) -> None:
    """The zeros beside its first characters tell; where they do not stand so, nothing does."""
    for text in ('{"resource', '[\n  {"res'):
        assert encoding(text.encode(name)) == name.upper()
        assert all(may_be_packed(text.encode(name)[:length]) for length in range(8))
    for other in ("plain text", '{"\0"', "{日本語"):
        assert encoding(other.encode(name)) == ""
    for head in (b'{"resour', b"\0\0\0\0{\0\0\0", b'\0{"resour', b'{\0\0\0"\0\0\0', b'\0\0\0{\0\0\0"'):
        assert encoding(head) == ""


@pytest.mark.parametrize("name", ENCODINGS)
@given(cut=st.integers(0, 80), limit=st.integers(1, 9))
def test_any_cut_gives_the_same_text(name: str, cut: int, limit: int) -> None:
    """Amidst a character, amidst a surrogate pair."""
    data, found = with_mark(TEXT, name), b""
    transcoder = Transcoder(encoding(data))
    for part in (data[:cut], data[cut:]):
        transcoder.feed(part)
        while taken := transcoder.take(limit):
            found += taken
    assert found == TEXT.encode()


@pytest.mark.parametrize(("name", "mark"), [*((each, "\ufeff") for each in ENCODINGS), *WITHOUT])
def test_a_recording_from_powershell(tmp_path: Path, name: str, mark: str) -> None:
    """Its spans are read, and read back in full; half a character at its end costs nothing."""
    spans = [span("añejo 🧪", {"key": "värde"}), span("two")]
    (tmp_path / "x.json").write_bytes((mark + line(*spans).decode()).encode(name) + b"\x20")
    ingest = load([str(tmp_path / "x.json")])
    snapshot = ingest.table.snapshot()
    assert [snapshot.name(row) for row in range(len(snapshot))] == ["añejo 🧪", "two"]
    assert ingest.span(snapshot, 0).attributes == {"key": "värde"}
    assert (snapshot.health.lost, ingest.formats) == (0, {"OTLP/JSON", name[:6].upper()})
    ingest.close()
