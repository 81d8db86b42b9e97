"""The list of allowances: written, read again, and only ever shorter."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracetui.analysis.gates.ratchet import RATCHETED, parsed, shrunk, started, unneeded, written
from tracetui.analysis.gates.rules import Allowances, Allowed, Offender, Rule, Verdict
from tracetui.errors import InputError

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
entries = st.builds(
    Allowed,
    name=names,
    limit_ns=st.integers(0, 10**15),
    reason=st.text('abc \x7f"\\é', min_size=1),
    date=names,
).filter(lambda entry: bool(entry.reason.strip()))
lists = st.dictionaries(
    st.sampled_from(RATCHETED),
    st.lists(entries, max_size=4).map(lambda found: {entry.name: entry for entry in found}),
)


@given(lists)
def test_what_is_written_is_read_again(allowances: Allowances) -> None:
    """Whatever tests are called."""
    again = parsed(written(allowances), "f")
    assert again == {rule: names for rule, names in allowances.items() if names}


@given(lists)
def test_lines_are_sorted(allowances: Allowances) -> None:
    """The same entries make the same file, however they came."""
    turned = {rule: dict(reversed(list(found.items()))) for rule, found in reversed(list(allowances.items()))}
    assert written(turned) == written(allowances)
    for table in tomllib.loads(written(allowances)).values():
        assert list(table) == sorted(table)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        '["max-suite"]\n"t" = { limit = "1s", reason = "r", date = "d" }',
        '["max-test"]\n"t" = { limit = "1 parsec", reason = "r", date = "d" }',
        '["max-test"]\n"t" = { limit = "1s", reason = " ", date = "d" }',
        '["max-test"]\n"t" = { limit = "1s" }',
        '["max-test"]\nt = 3',
    ],
)
def test_what_is_no_list(text: str) -> None:
    """One line that names the file; an entry without a reason is none."""
    with pytest.raises(InputError, match=r"^allow\.toml: not a list of allowances: ") as caught:
        parsed(text, "allow.toml")
    assert "\n" not in str(caught.value)


def rule(verdict: Verdict, *offenders: Offender) -> Rule:
    """The rule on tests, judged."""
    return Rule("max-test", verdict, "ns", 1, 1, 3, "tests", "", "", offenders)


ALLOWED = {"max-test": {name: Allowed(name, 5, "r", "d") for name in "ab"}}


def test_what_is_not_needed_goes() -> None:
    """What is still over the limit stays."""
    judged = [rule(Verdict.PASS, Offender("a", 3, ALLOWED["max-test"]["a"]))]
    gone = unneeded(ALLOWED, judged)
    assert gone == [("max-test", "b")]
    assert list(shrunk(ALLOWED, gone)["max-test"]) == ["a"]


def test_what_is_over_its_own_limit_is_not_what_it_is_allowed_for() -> None:
    """It is a breach, and its entry is no excuse any more."""
    judged = [rule(Verdict.BREACH, Offender("a", 9), Offender("b", 3, ALLOWED["max-test"]["b"]))]
    assert unneeded(ALLOWED, judged) == [("max-test", "a")]


def test_of_an_undecided_run_nothing_goes() -> None:
    """A test that did not run is not fast."""
    assert unneeded(ALLOWED, [rule(Verdict.UNDECIDABLE)]) == []


@pytest.mark.parametrize(
    ("took", "limit"), [(1000, 2000), (10**9, 1_100_000_000), (10**9 + 1, 1_110_000_000)]
)
def test_a_list_begins_with_what_is_over_today(took: int, limit: int) -> None:
    """A tenth more than it took, rounded up."""
    made = started([rule(Verdict.BREACH, Offender("t", took))], "why", "2026-11-29")
    assert made == {"max-test": {"t": Allowed("t", limit, "why", "2026-11-29")}}
