"""Foreign text stays text in Markdown."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tracetui.report.markdown.marks import code, fenced, inline, longest_run, table

texts = st.text(st.one_of(st.sampled_from("`|\\*_<>&@#[]()~ \n\x1b\x9b\u202e"), st.characters()), max_size=40)


@given(texts)
def test_inline_is_one_line_without_bare_markup(foreign: str) -> None:
    """Each mark that means something has a backslash before it."""
    text = inline(foreign)
    assert "\n" not in text
    assert "\x1b" not in text
    bare = re.sub(r"\\.", "", text)
    assert not set(bare) & set("`*_[]<>()#|~@&")


@given(texts)
def test_code_cannot_be_left(foreign: str) -> None:
    """The fence is longer than any run of backticks within, and a table's cell goes on."""
    text = code(foreign)
    assert "\n" not in text
    if text:
        fence = len(text) - len(text.lstrip("`"))
        assert longest_run(text[fence:-fence]) < fence
        assert not re.search(r"(?<!\\)\|", text)


@given(texts)
def test_a_block_of_code_cannot_be_left(foreign: str) -> None:
    """No line of it closes the fence."""
    fence, *lines, last = fenced(foreign)
    assert fence == last
    assert all(longest_run(line) < len(fence) for line in lines)


def test_of_a_long_text_the_end_is_kept() -> None:
    """There an exception says what it is."""
    assert fenced("a" * 50 + "END", 10) == ["```", "...", "aaaaaaaEND", "```"]


def test_a_table_of_nothing_is_nothing() -> None:
    """No head without rows."""
    assert table(["a", "b"], []) == []
    assert table(["a", "b"], [["1", "2"]])[1:4] == ["| a | b |", "| --- | ---: |", "| 1 | 2 |"]
