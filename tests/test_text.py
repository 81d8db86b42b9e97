"""Foreign text is only text: nothing that moves a cursor, reorders, hides or colours gets through."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.builders import HOSTILE_NAMES
from tracetui.text import (
    ELLIPSIS,
    MOST_CODE_POINTS,
    MOST_MARKS,
    Safe,
    comma_separated,
    fit,
    fit_apart,
    fit_middle,
    fit_name,
    natural,
    sanitize,
    sanitize_lines,
    shared,
    width,
    wrap,
)

anything = st.text(st.characters(codec=None)) | st.text(
    "\x1b[]\\\x07\x9b\u202e\u200da\u0301\ud83d🧪日e", max_size=40
)
UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def is_safe(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) not in UNSAFE
        and code & 0xFFFE != 0xFFFE
        and not 0xFDD0 <= code < 0xFDF0
    )


@given(anything)
def test_no_unsafe_code_point_gets_through(foreign: str) -> None:
    """No control, format or bidi character, no line separator, no surrogate, no noncharacter."""
    assert all(map(is_safe, sanitize(foreign)))


def test_no_code_point_is_forgotten() -> None:
    """Each of the 1,114,112 code points comes out as something visible."""
    for plane in range(17):
        whole = "".join(map(chr, range(plane << 16, (plane + 1) << 16)))
        pieces = (whole[start : start + MOST_CODE_POINTS] for start in range(0, len(whole), MOST_CODE_POINTS))
        assert all(is_safe(character) for piece in pieces for character in sanitize(piece))


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_printable_ascii_stays_as_it_is(text: str) -> None:
    """What is safe already is not touched, markup included."""
    assert sanitize(text) == text


@given(anything)
def test_sanitising_twice_changes_nothing(foreign: str) -> None:
    """What came out is safe."""
    once = sanitize(foreign)
    assert sanitize(once) == once


@pytest.mark.parametrize(
    ("foreign", "safe"),
    [
        ("\x1b[2J", "␛[2J"),
        ("a\tb\nc\0", "a␉b␊c␀"),
        ("\x7f", "␡"),
        ("\x9b2J", "\\x9b2J"),
        ("\u202e", "\\u{202e}"),
        ("\ud800", "\\u{d800}"),
        ("\U000e0041", "\\u{e0041}"),
        ("test_x[a-b]", "test_x[a-b]"),
        ("[/tmp/x]", "[/tmp/x]"),
        ("[@click=app.quit]", "[@click=app.quit]"),
        ("日本語", "日本語"),
    ],
)
def test_what_becomes_of_what(foreign: str, safe: str) -> None:
    """Evidence stays visible; markup stays literal."""
    assert sanitize(foreign) == safe


def test_combining_marks_are_few() -> None:
    """A hundred thousand marks on one letter would be a wall."""
    assert sanitize("e" + "\u0301" * 1000) == "e" + "\u0301" * MOST_MARKS


@given(st.text(min_size=1), st.integers(1, 50))
def test_long_text_is_cut_and_says_so(foreign: str, most: int) -> None:
    """At most so many code points of foreign text are looked at."""
    assert sanitize(foreign * 60, most).endswith(ELLIPSIS)
    assert len(sanitize("x" * 10**6)) == MOST_CODE_POINTS


@given(anything, st.integers(-1, 60))
def test_fit_fits_exactly(foreign: str, cells: int) -> None:
    """Padded or cut, a text takes exactly the cells it is given."""
    for fitted in (fit(sanitize(foreign), cells), fit_middle(sanitize(foreign), cells)):
        assert width(fitted) == max(0, cells)
        assert all(map(is_safe, fitted))


@given(anything, st.integers(1, 60))
def test_fit_cuts_only_what_does_not_fit(foreign: str, cells: int) -> None:
    """What fits is there in full; what does not shows an ellipsis."""
    safe = sanitize(foreign)
    for fitted in (fit(safe, cells), fit_middle(safe, cells)):
        if cell_len(safe) <= cells:
            assert fitted == safe + " " * (cells - cell_len(safe))
        else:
            assert ELLIPSIS in fitted


def test_the_middle_is_cut_so_that_both_ends_show() -> None:
    """File names differ at their ends."""
    fitted = fit_middle(sanitize("tests/very/long/test_file.py::test_y"), 20)
    assert fitted.startswith("tests/")
    assert fitted.endswith("::test_y")


JOBS = "integration tests (linux-x64, python 3.1{0}, sqlite, optimised) on a runner:gw0"


@pytest.mark.parametrize("cells", [12, 20, 40])
@pytest.mark.parametrize("named", [JOBS, "{0} " + "x" * 90, "x" * 90 + " {0}", "x" * 90 + "{0}" + "y" * 90])
def test_names_stay_apart_wherever_they_differ(named: str, cells: int) -> None:
    """What they have in common leaves first."""
    names = [sanitize(named.format(number)) for number in range(4)]
    fitted = fit_apart(names, cells)
    assert [width(each) for each in fitted] == [cells] * 4
    assert all(str(number) in each for number, each in enumerate(fitted))
    assert len(set(fitted)) == 4


@given(st.lists(anything, max_size=4), st.integers(0, 60))
def test_names_apart_fit_exactly(foreign: list[str], cells: int) -> None:
    """Names that fit stay as they are; none is unsafe or of another width."""
    names = [sanitize(each) for each in foreign]
    for name, fitted in zip(names, fit_apart(names, cells), strict=True):
        assert (width(fitted), all(map(is_safe, fitted))) == (cells, True)
        if all(width(each) <= cells for each in names):
            assert fitted == fit(name, cells)


@pytest.mark.parametrize(
    ("names", "start"),
    [
        (("tests/a/test_x.py::test_1", "tests/a/test_x.py::test_12"), "tests/a/test_x.py::"),
        (("tests/a.py", "tests/ab.py"), "tests/"),
        (("core/abs.js", "core/abs.js"), ""),
        (("core/abs.js",), ""),
        (("a/b", "a/c"), ""),
        (("x", "y"), ""),
        ((), ""),
    ],
)
def test_what_names_share(names: tuple[str, ...], start: str) -> None:
    """Up to a word; nothing where that is too short for an ellipsis to be a gain, or where all is shared."""
    assert shared(names).start == len(start)


def test_shared_starts_leave_only_where_names_do_not_fit() -> None:
    """Names of one list are shortened alike, and keep their ends."""
    names = [sanitize(f"tests/unit/test_yard.py::test_{end}") for end in ("a", "longer_than_others")]
    common = shared(names)
    assert [fit_name(name, 50, common).rstrip() for name in names] == names
    assert [fit_name(name, 30, common).rstrip() for name in names] == ["…test_a", "…test_longer_than_others"]
    assert fit_name(names[1], 16, common).endswith("n_others")


@given(st.lists(anything, max_size=4), st.integers(0, 60))
def test_shortened_names_fit_exactly(foreign: list[str], cells: int) -> None:
    """Whatever they are, they are safe and as wide as they have to be."""
    common = shared(foreign)
    for name in map(sanitize, foreign):
        fitted = fit_name(name, cells, common)
        assert (width(fitted), all(map(is_safe, fitted))) == (cells, True)


@given(anything)
def test_lines_are_each_safe(foreign: str) -> None:
    """A stack trace keeps its lines and nothing else that moves a cursor."""
    lines = sanitize_lines(foreign)
    assert all(is_safe(character) for line in lines for character in line)
    assert len(lines) == foreign.replace("\r\n", "\n").count("\n") + 1


def test_tabs_in_lines_are_spaces() -> None:
    """Indentation of a stack trace stays an indentation."""
    assert sanitize_lines("a:\r\n\tb") == ["a:", "    b"]


@given(anything, st.integers(2, 30))
def test_wrapping_loses_nothing(foreign: str, cells: int) -> None:
    """Lines fit, and put together they are the text."""
    lines = wrap(sanitize(foreign), cells)
    assert "".join(lines) == sanitize(foreign)
    assert all(cell_len(line) <= cells for line in lines)


def test_words_stay_whole() -> None:
    """A line ends between words wherever a word would fit into one; a longer one is cut where it stands."""
    assert wrap(Safe("a b considerably"), 14) == ["a b ", "considerably"]
    assert wrap(Safe("expected 3 but found"), 8) == ["expected", " 3 but ", "found"]
    assert wrap(Safe("at abcdefghijkl"), 8) == ["at abcde", "fghijkl"]
    assert wrap(Safe("      indented"), 10) == ["      inde", "nted"]
    assert wrap(Safe("whole"), 5) == ["whole"]


def test_hostile_names_are_literal() -> None:
    """Each name keeps every printable character it has, in its order."""
    for name in HOSTILE_NAMES:
        rest = iter(sanitize(name))
        assert all(character in rest for character in name if is_safe(character))


def test_numbers_in_names_sort_by_value() -> None:
    """gw2 before gw10, wherever the number stands, however long; and names are never equal."""
    names = ["a2:gw10", "a2:gw9", "a10:gw1", "gw10", "gw2", "gw02", "gw", f"gw{'9' * 5000}"]
    assert sorted(names, key=natural) == [
        *("a2:gw9", "a2:gw10", "a10:gw1", "gw", "gw02", "gw2", "gw10", f"gw{'9' * 5000}")
    ]


@pytest.mark.parametrize("code", [*range(0x20), 0x7E, 0x7F, 0x80, 0x9F, 0xA0, 0x2028, 0xFFFE])
def test_comma_separated_values_move_no_cursor(code: int) -> None:
    """Control characters are spelled out, but for those that files have: tabs and line ends."""
    is_control = (code < 0x20 and chr(code) not in "\t\r\n") or 0x7F <= code < 0xA0
    text = comma_separated([["a" + chr(code), 7, "", 'x"y']])
    ((told, *rest),) = csv.reader(io.StringIO(text, newline=""))
    assert (told, rest) == (f"a#x{code:02X}" if is_control else "a" + chr(code), ["7", "", 'x"y'])
    assert text.endswith("\r\n")
