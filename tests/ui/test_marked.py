"""What was searched for, marked where it stands."""

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from tests.ui.hostile import CORPUS
from tracetui.analysis.query.search import stretches_of
from tracetui.text import sanitize
from tracetui.ui.lists.draw_marked import FOUND_ELSEWHERE, marked_content, marked_strip

TEXTS = st.lists(st.text(st.sampled_from("aAbİ日 "), max_size=4), max_size=5)
MARK = Style(bgcolor="yellow", bold=True)


@given(TEXTS, st.text(st.sampled_from("aAb日"), max_size=2))
def test_strips_keep_their_text(texts: list[str], needle: str) -> None:
    """A marked row says the same as before, and what is marked is what was searched for."""
    strip = Strip([Segment(text, Style(color="red")) for text in texts])
    marked = marked_strip(strip, needle, MARK, elsewhere=False)
    assert marked.text == strip.text
    assert marked.cell_length == strip.cell_length
    found = "".join(text for text, style, _ in marked if style and style.bgcolor == MARK.bgcolor)
    low = found if needle != needle.lower() else found.lower()
    assert low == needle * len(stretches_of(needle, strip.text))


def test_case() -> None:
    """Case counts only where capitals are typed."""
    assert stretches_of("ab", "ABxab") == [(0, 2), (3, 5)]
    assert stretches_of("Ab", "ABxAb") == [(3, 5)]
    assert stretches_of("", "abc") == []


def test_found_elsewhere() -> None:
    """A row that says it where it cannot be seen has a mark at its left, unless the cursor is there."""
    strip = Strip([Segment("  test", Style(color="red", bgcolor="black"))])
    assert marked_strip(strip, "x", MARK, elsewhere=True).text == FOUND_ELSEWHERE + " test"
    assert marked_strip(strip, "x", MARK, elsewhere=False).text == "  test"
    assert marked_strip(Strip([Segment("▌ test")]), "x", MARK, elsewhere=True).text == "▌ test"


def test_content() -> None:
    """A marked text says the same, whatever is searched for."""
    for text in CORPUS:
        content = Content(sanitize(text) + " x " + sanitize(text))
        marked = marked_content(content, text)
        assert marked.plain == content.plain
    assert len(marked_content(Content("abab"), "ab").spans) == 2
