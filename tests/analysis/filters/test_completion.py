"""What may come next in a filter that is being typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import T0, S, small_run, snapshot
from tracetui.analysis.query.filters.completion import complete, settled
from tracetui.analysis.query.filters.errors import FilterError
from tracetui.analysis.query.filters.parser import parse
from tracetui.analysis.query.filters.vocabulary import sample, vocabulary
from tracetui.analysis.study.findings import study

WORDS = {"lane": ["gw0", "gw1"], "attr.": ["http.method", "a key"], "suite": ['say "hi"'], "name": ["a b"]}


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("ro", ["role:"]),
        ("role:test ou", ["outcome:"]),
        ("(du", ["dur>"]),
        ("role:te", ["role:test ", "role:suite "]),
        ("outcome:fail", ["outcome:failed ", "outcome:xfailed "]),
        ("dur>", ["dur>100ms ", "dur>1s ", "dur>10s ", "dur>1m "]),
        ("not lane:", ["lane:gw0 ", "lane:gw1 "]),
        ("lane:gw0", []),
        ("attr.h", ["attr.http.method="]),
        ("attr.a", ['attr."a key"=']),
        ("suite:h", ['suite:"say \\"hi\\"" ']),
        ('name:"a', ['name:"a b" ']),
        ("a n", ["name:", "not "]),
        ("zzz", []),
    ],
)
def test_completes(text: str, texts: list[str]) -> None:
    """Keys by their beginning, values by what they hold, those that begin so first."""
    assert [each.text for each in complete(text, WORDS)] == texts


def test_everything_at_first() -> None:
    """An empty filter may begin with any key."""
    assert {"role:", "attr.", "lane:"} <= {each.text for each in complete("", WORDS)}


@given(st.text(st.sampled_from('roleattr. :>="\\()n'), max_size=12), st.text(max_size=5))
def test_what_is_completed_can_be_read(text: str, value: str) -> None:
    """A completed value is no mistake where what stands before it was none."""
    words = {"lane": [value], "name": [value], "attr.": [value]}
    for each in complete(text, words):
        whole = text[: each.begin] + each.text
        if each.text.endswith(" ") and not mistake_in(text[: each.begin]):
            assert not mistake_in(whole) or each.text.strip() in ("and", "or", "not")


def mistake_in(text: str) -> bool:
    """Whether a filter cannot be understood."""
    try:
        parse(text)
    except FilterError:
        return True
    return False


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("outcom", ""),
        ("a outcome", "a "),
        ("core", "core"),
        ("role:te", "role:te"),
        ("not at", "not "),
        ("x attr.y", "x attr.y"),
    ],
)
def test_settled(text: str, kept: str) -> None:
    """A last word that may become a key does not count yet."""
    assert settled(text) == kept


def test_vocabulary() -> None:
    """The words are those of the recording, the most frequent first."""
    findings = study(snapshot(small_run()), T0 + S)
    words = vocabulary(findings, {"b", "a"})
    assert words["lane"] == ["gw0", "gw1"] or words["lane"] == ["gw1", "gw0"]
    assert words["hook"] == ["fixture yard"]
    assert "tests/test_depot.py" in words["file"]
    assert words["attr."] == ["a", "b"]
    roles = set(findings.snapshot.role[sample(findings)].tolist())
    assert roles == set(findings.snapshot.role.tolist())
