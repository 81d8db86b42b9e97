"""The filter language as text: what it reads, what it prints, and what it says of mistakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracetui import units
from tracetui.analysis.query.filters.errors import FilterError
from tracetui.analysis.query.filters.keys import KEYS, Kind
from tracetui.analysis.query.filters.parser import DEEPEST, parse
from tracetui.analysis.query.filters.syntax import And, Condition, Node, Not, Or

_VALUES = {
    Kind.TEXT: st.text(max_size=12),
    Kind.ATTRIBUTE: st.text(max_size=12),
    Kind.DURATION: st.integers(0, 10**15).map(lambda ns: f"{ns}ns"),
}


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """A condition that is right."""
    name = draw(st.sampled_from([*KEYS, "attr."]))
    if name == "attr.":
        key, kind, value = (
            name + draw(st.text(min_size=1, max_size=8)),
            Kind.ATTRIBUTE,
            _VALUES[Kind.ATTRIBUTE],
        )
    else:
        key, kind = name, KEYS[name].kind
        value = _VALUES[kind] if kind in _VALUES else st.sampled_from(KEYS[name].choices)
    operator = draw(st.sampled_from([each for each in kind.value if "~" not in each]))
    return Condition(key, operator, draw(value) if operator else "")


def trees() -> st.SearchStrategy[Node]:
    """Conditions joined in every way."""
    return st.recursive(
        conditions(),
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        ),
        max_leaves=6,
    )


@given(trees())
def test_round_trip(node: Node) -> None:
    """A filter that is printed and read again is the same filter."""
    assert parse(str(node)) == node


@given(st.text(max_size=40) | st.text('ab():=!~<>". \\', max_size=30))
def test_any_text(text: str) -> None:
    """Any text is a filter, or an error that points into it."""
    error = mistake_in(text)
    assert error is None or 0 <= error.begin < error.end <= len(text) + 1


def mistake_in(text: str) -> FilterError | None:
    """What is wrong with a filter."""
    try:
        parse(text)
    except FilterError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("", "None"),
        ("role:test outcome:failed", "role:test outcome:failed"),
        ("role:test and dur > 2s", "role:test dur>2s"),
        ('name~"jstests/core" OR not lane:gw1', "name~jstests/core or not lane:gw1"),
        ("(a or b) c", "(name:a or name:b) name:c"),
        ("a or b c", "name:a or (name:b name:c)"),
        ("not a b", "not name:a name:b"),
        ("tests/test_x.py::test_y[a-b]", 'name:"tests/test_x.py::test_y[a-b]"'),
        ("test_x::test_y", 'name:"test_x::test_y"'),
        ("name~test_(a|b)c$", 'name~"test_(a|b)c$"'),
        ("(name~(a|b))", 'name~"(a|b)"'),
        ('"not"', 'name:"not"'),
        ("attr.http.status>=400 attr.x", "attr.http.status>=400 attr.x"),
        ('attr."a key"=1', 'attr."a key"=1'),
        ("outcome:failed,error", 'outcome:"failed,error"'),
        ('name:"say \\"hi\\" \\d"', 'name:"say \\"hi\\" \\\\d"'),
    ],
)
def test_reads(text: str, printed: str) -> None:
    """What people type means what they mean."""
    expected = printed.replace('outcome:"failed,error"', "outcome:failed,error")
    assert str(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rol:test", "filter: unknown key rol, at 1; did you mean role?"),
        ("a zzzz:1", "filter: unknown key zzzz, at 3; known are role, outcome"),
        ("role:tset", "filter: no role is called tset, at 1; did you mean test?"),
        ("dur>2", "filter: not a duration: 2, at 1; say the unit: 2s"),
        ("dur>soon", "filter: not a duration: soon, at 1; write it as 250ms, 2s or 1m30s"),
        ("role>test", "filter: role takes no >, at 1; it takes :, =, !="),
        ("dur~2s", "filter: dur takes no ~, at 1"),
        ("role:", "filter: no value after role:, at 1"),
        ("(a", "filter: a parenthesis that is never closed, at 1; end it with )"),
        ("a)", "filter: a parenthesis that was never opened, at 2"),
        ("a or", "filter: the filter ends too early, at 3; a condition is missing"),
        ("and a", 'filter: nothing before and, at 1; quote it to look for it: "…"'),
        ('name:"a', 'filter: a quote that is never closed, at 6; end the text with "'),
        ("name~(", "filter: no regular expression: missing ): (, at 1"),
        ("name~a{1001}", "filter: no regular expression: invalid repetition size"),
        (":x", 'filter: no key before :x, at 1; put the text in quotes to look for it: ":x"'),
    ],
)
def test_mistakes(text: str, said: str) -> None:
    """A mistake is named, with its place and what to write instead."""
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert str(caught.value).startswith(said)


def test_too_deep() -> None:
    """Parentheses without end are refused, not recursed into."""
    assert parse("(" * DEEPEST + "a" + ")" * DEEPEST) == Condition("name", ":", "a")
    for text in ("(" * 4000, "not " * 1000 + "a"):
        with pytest.raises(FilterError, match="levels deep"):
            parse(text)


@given(st.integers(0, 10**17))
def test_durations_as_shown(ns: int) -> None:
    """What a screen shows as a duration can be typed, and means the same up to what was rounded away."""
    shown = units.duration(ns)
    assert units.duration(units.nanoseconds(shown)) == shown


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("250ms", 250_000_000),
        ("1m30s", 90 * units.S),
        ("1.5s", 1_500_000_000),
        ("2 h", 2 * units.HOUR),
        ("3µs", 3000),
    ],
)
def test_durations(text: str, ns: int) -> None:
    """Durations as people write them."""
    assert units.nanoseconds(text) == ns


@pytest.mark.parametrize("text", ["", "2", "s", "2x", "2s!", "-2s", "9" * 40 + "s"])
def test_no_durations(text: str) -> None:
    """Anything else is none."""
    with pytest.raises(ValueError, match=r"."):
        units.nanoseconds(text)
