"""XML that would harm its reader, or is broken: refused or counted, and what can be read is read."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.results.reading import DATA, in_full, junit, outcomes
from tracetui.formats.results import xml_stream
from tracetui.formats.results.legal_text import LegalText
from tracetui.model.batch import LISTS

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE testsuite [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><testsuite name="&c;"><testcase name="t"/></testsuite>'
)
OUTSIDE = (
    '<!DOCTYPE testsuite [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    '<testsuite name="s"><testcase name="t">&file;</testcase></testsuite>'
)
GOOD = '<testsuite name="s"><testcase name="a"/>{}<testcase name="z"/></testsuite>'


@pytest.mark.parametrize(
    "data", [LAUGHS, OUTSIDE, '<!DOCTYPE testsuite SYSTEM "http://x/y.dtd"><testsuite/>']
)
def test_documents_that_declare_entities_are_refused(data: str) -> None:
    """Nothing of them is read: no entity grows, no file is opened."""
    batch = junit(data)
    assert (len(batch), len(batch.rejected)) == (0, 1)
    assert "document type declaration" in batch.rejected[0].reason


def test_what_was_read_before_is_shown() -> None:
    """A declaration in a second document costs the first nothing."""
    batch = junit('<testsuite name="s"><testcase name="a"/></testsuite>' + LAUGHS)
    assert batch.title == ["s", "s::a"]
    assert len(batch.rejected) == 1


def test_nesting_is_bounded() -> None:
    """Deeper than any results are, nothing is read on."""
    batch = junit(GOOD.format("<a>" * 5000))
    assert "nested deeper than 100" in batch.rejected[0].reason
    assert "s::a" in batch.title


def test_a_tag_without_an_end_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held of it has a limit, however long it goes on."""
    monkeypatch.setattr(xml_stream, "MOST_HELD", 1 << 16)
    data = '<testsuite name="s"><testcase name="a"/><testcase name="' + "x" * (1 << 20)
    tracemalloc.start()
    try:
        batch = junit(data, range(0, len(data), 1 << 14))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "a tag longer than" in batch.rejected[0].reason
    assert batch.title == ["s", "s::a"]
    assert peak < 4 << 20


@pytest.mark.parametrize("broken", [
    '<testcase name="b">&nbsp;</testcase>',
    '<testcase name="b"><a></testcase>', '<testcase name="b" name=""/>',
    '<testcase name="b"><system-out>x < y && z</system-out></testcase>', "<1/>",
])  # fmt: skip
def test_what_is_broken_is_counted_and_the_rest_is_read(broken: str) -> None:
    """Reading goes on with the next test, in the suite that was open."""
    data = GOOD.format(broken)
    batch = junit(data)
    assert [title for title, _, _ in outcomes(batch)] == ["s::a", "s::z"]
    assert len(batch.torn) == 1
    assert data.index(broken) <= batch.torn[0].offset <= data.index(broken) + len(broken)
    parents = dict(zip(batch.title, batch.parent_span_id, strict=True))
    assert parents["s::a"] == parents["s::z"] != ""
    assert set(in_full(data, batch)) == {"s", "s::a", "s::z"}


def test_a_document_without_its_end() -> None:
    """What is complete of it is shown; the test that was being written is lost, and counted."""
    whole = (DATA / "surefire.xml").read_bytes()
    batch = junit(whole[: whole.index(b"isPainted") - 8])
    assert [title.partition("::")[2] for title, _, _ in outcomes(batch)][-1] == "grows"
    assert [problem.reason for problem in batch.torn] == ["broken XML: XML without its end"]


def test_breaks_are_limited() -> None:
    """What is nothing but mistakes is given up."""
    batch = junit("<testsuite>" + "<testcase <" * 5000)
    assert "too much of it is broken" in batch.rejected[0].reason


@given(st.data())
def test_cut_anywhere_it_is_the_same(data: st.DataObject) -> None:
    """However the bytes of a document come, the spans are those of the whole."""
    path = data.draw(st.sampled_from(sorted(DATA.glob("*.xml"))))
    content = path.read_bytes()
    cuts = data.draw(st.lists(st.integers(0, len(content)), max_size=5))
    whole, parts = junit(content), junit(content, cuts)
    assert [getattr(parts, name) for name in LISTS] == [getattr(whole, name) for name in LISTS]


_PIECES = st.sampled_from([
    b"<testsuite>", b"</testsuite>", b'<testsuite name="s" time="1">', b'<testcase name="t" time="2">',
    b"</testcase>", b'<testcase name="u"/>', b"<failure>", b"</failure>", b"<rerunFailure/>", b"&lt;", b"&x;",
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?xml version='1.0'?>", b"<testsuites>", b"</testsuites>", b"<",
    b">", b"\xff", b"\x00", b"text", "é".encode(), b'"', b"<!DOCTYPE a>", b"\n",
])  # fmt: skip


@given(st.lists(_PIECES, max_size=30).map(b"".join), st.lists(st.integers(0, 200), max_size=3))
def test_whatever_the_bytes(data: bytes, cuts: list[int]) -> None:
    """They become spans that can be read back, or problems within the bytes, however they are cut."""
    batch = junit(b"<testsuite>" + data)
    again = junit(b"<testsuite>" + data, cuts)
    assert [getattr(again, name) for name in LISTS] == [getattr(batch, name) for name in LISTS]
    in_full(b"<testsuite>" + data, batch)
    for problem in (*batch.torn, *batch.rejected):
        assert 0 <= problem.offset <= len(data) + len(b"<testsuite>")
    assert all(length >= 0 for length in batch.length)


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=3))
def test_legal_text_moves_no_byte(data: bytes, cuts: list[int]) -> None:
    """As many bytes come out as go in, and XML has a place for each."""
    legal, begin, made = LegalText(), 0, b""
    for end in (*sorted(cut for cut in cuts if cut < len(data)), len(data)):
        made += legal.feed(data[begin:end])
        begin = end
    made += legal.feed(b"", is_last=True)
    assert len(made) == len(data)
    assert not any(ord(letter) < 0x20 and letter not in "\t\n\r" for letter in made.decode())
