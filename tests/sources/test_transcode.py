"""Text in UTF-16 and UTF-32: read as UTF-8, at the offsets of that."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import line, span
from tests.sources.reading import drain
from tests.sources.test_compressed import Bytes
from tracetui.ingest.loading import load
from tracetui.sources.unpacking.compressed import Unpacked
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


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize(("name", "mark"), [*((each, "\ufeff") for each in ENCODINGS), *WITHOUT])
def test_a_compressed_recording_from_powershell(
    tmp_path: Path, name: str, mark: str, pack: Callable[[bytes], bytes]
) -> None:
    """The same unpacked, in as many members as it may have, cut amidst a character."""
    spans = [line(span(f"añejo 🧪 {number}", {"key": "värde"})) for number in range(200)]
    text = (mark + b"".join(spans).decode()).encode(name)
    (tmp_path / "x.json").write_bytes(pack(text[:7]) + pack(text[7:-11]) + pack(text[-11:]))
    ingest = load([str(tmp_path / "x.json")])
    snapshot = ingest.table.snapshot()
    assert [snapshot.name(row) for row in range(len(snapshot))] == [f"añejo 🧪 {n}" for n in range(200)]
    assert ingest.span(snapshot, 199).attributes == {"key": "värde"}
    assert snapshot.health.lost == 0
    ingest.close()


@given(cuts=st.lists(st.integers(0, 90), max_size=3), piece=st.integers(1, 9), limit=st.integers(1, 9))
def test_unpacked_text_is_given_whole(cuts: list[int], piece: int, limit: int) -> None:
    """However small the pieces are that come and that are asked for, and however it is packed."""
    data, packed = with_mark(TEXT, "utf-16-le"), b""
    for begin, end in pairwise([0, *sorted(cuts), len(data)]):
        packed += gzip.compress(data[begin:end])
    source = Unpacked(Bytes(packed, piece))
    found = b""
    while not source.ended:
        found += drain(source, limit)
    source.close()
    assert found == TEXT.encode()
