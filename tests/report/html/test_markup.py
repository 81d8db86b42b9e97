"""Foreign text stays text in HTML, wherever it stands."""

from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from tests.report.html.pages import Parsed
from tracetui.report.html.markup import Markup, fitting, joined, lines, tag, text
from tracetui.report.html.tables import Cell, Column, table
from tracetui.text import sanitize

texts = st.text(st.one_of(st.sampled_from("<>&\"'`=/ \n\x00\x1b\x9b\u202e"), st.characters()), max_size=40)


@given(texts)
def test_an_element_holds_what_it_was_given(foreign: str) -> None:
    """As one text, and as the value of one attribute; no tag and no other attribute comes of it."""
    page = tag("p", foreign, " ", tag("b", foreign), title=foreign, data_v=foreign)
    parsed = Parsed(page)
    safe = sanitize(foreign)
    assert [each.name for each in parsed.elements] == ["p", "b"]
    assert parsed.elements[0].attributes == {"title": safe, "data-v": safe}
    assert parsed.text.get("head", "") == f"{safe} {safe}"


@given(texts)
def test_lines_stay_lines(foreign: str) -> None:
    """Of a stack or of output."""
    made = lines(foreign, 100)
    assert "<" not in made
    assert len(unescape(made).split("\n")) == len(foreign.replace("\r\n", "\n").split("\n"))


def test_of_a_long_text_the_end_is_kept_and_of_a_long_name_the_begin() -> None:
    """An exception says at its end what it is."""
    assert lines("a" * 50 + "END", 10) == "…\naaaaaaaEND"
    assert text("BEGIN" + "a" * 500) == "BEGIN" + "a" * 294 + "…"


def test_attributes() -> None:
    """Those that are off are left out; words of Python's have an underscore at their end."""
    assert tag("rect", class_="a", rx=2, hidden=None, open=False) == '<rect class="a" rx="2"/>'
    assert tag("details", open=True, aria_label="x") == '<details open aria-label="x"></details>'
    assert joined(("<", None, "", Markup("<i>"))) == "&lt;<i>"


def test_what_fits_is_whole() -> None:
    """In bytes, up to the last one; nothing after what did not fit."""
    parts = [Markup("ab"), Markup("é"), Markup("c")]
    assert fitting(parts, 5) == ("abéc", 3)
    assert fitting(parts, 4) == ("abé", 2)
    assert fitting(parts, 3) == ("ab", 1)
    assert fitting(parts, 0) == ("", 0)


def test_a_table_leaves_out_columns_that_tell_nothing() -> None:
    """But not its names; a cell may be meant in a way of its own."""
    columns = [Column("test"), Column("own", "number"), Column("q", "number wide")]
    made = table(columns, [["<a>", Cell("1s", "tone-error"), ""], ["b", "2s", None]])
    assert made == (
        '<table class="plain"><thead><tr><th scope="col">test</th><th scope="col" class="number">own</th>'
        "</tr></thead>"
        '<tbody><tr><th scope="row" class="name">&lt;a&gt;</th><td class="number tone-error">1s</td></tr>'
        '<tr><th scope="row" class="name">b</th><td class="number">2s</td></tr></tbody></table>'
    )
