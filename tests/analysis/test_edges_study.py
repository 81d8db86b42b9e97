"""States of runs, what counts as slow, how much is named: each at its edge."""

from itertools import combinations

import pytest

from tests.analysis.overviews import earlier, run_now
from tests.builders import MS, T0, S, case, line, snapshot, span, start_record, table
from tracetui.analysis.failures.exceptions import Thrown
from tracetui.analysis.failures.stack import Frame, parse_stack
from tracetui.analysis.history.slow import slow_tests
from tracetui.analysis.overview.durations import stretches
from tracetui.analysis.runs.choosing import choice_of
from tracetui.analysis.study.findings import study
from tracetui.errors import InputError

SUITE = {"tracetui.span.role": "suite"}
EDGES = (0, MS, 10 * MS, 100 * MS, S, 10 * S, 60 * S, 600 * S)
STATES = ("live", "incomplete", "cut off", "ended")
"""The first that holds of any part of a run holds of the run."""


def part(state: str) -> bytes:
    """A suite in a pipeline's run, as far as it came."""
    job = {"service.name": "x", "cicd.pipeline.run.id": "7", "cicd.pipeline.task.run.id": state}
    trace = f"{STATES.index(state) + 1:032x}"
    suite = span(f"suite {state}", SUITE, trace=trace, end=0 if state in ("live", "cut off") else T0 + S)
    test = case(f"t {state}", trace=trace, parent=suite, end=T0 + S // 2)
    whole = line(test, resource=job)
    if state == "incomplete":
        return whole
    return whole + (line(suite, resource=job) if state == "ended" else start_record(suite, job))


@pytest.mark.parametrize(
    "states", [some for number in (1, 2, 3, 4) for some in combinations(STATES, number)], ids=", ".join
)
def test_a_runs_state_is_that_of_its_first_part(states: tuple[str, ...]) -> None:
    """Of its jobs one lives: it is live; of one the suite is missing: incomplete; and so on."""
    for order in (states, states[::-1]):
        store = table(*map(part, order))
        store.set_gone([number for number, state in enumerate(order) if state != "live"])
        found = study(store.snapshot(), T0 + S)
        assert [run.state for run in (found.summary, found.runs[0])] == [states[0]] * 2
        assert len(found.runs) == 1


@pytest.mark.parametrize("edge", range(1, len(EDGES)))
@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_where_a_stretch_of_durations_begins(edge: int, beside: int) -> None:
    """A duration at an edge is of the stretch that begins there."""
    own = EDGES[edge] + beside
    (found,) = stretches(study(snapshot(line(case("t", start=T0, end=T0 + own))), T0 + own))
    place = edge if beside >= 0 else edge - 1
    assert (found.from_ns, found.tests, found.ns) == (EDGES[place], 1, own)
    assert found.to_ns == (EDGES[place + 1] if place + 1 < len(EDGES) else 0)


@pytest.mark.parametrize(("own_ns", "is_slow"), [(3 * S, False), (3 * S + 1, True)])
def test_a_new_test_is_slow_beyond_thrice_the_median(own_ns: int, is_slow: bool) -> None:
    """Of five that take a second and one that takes longer."""
    tests = [case(f"t{number}", end=T0 + S) for number in range(5)] + [case("long", end=T0 + own_ns)]
    found = study(snapshot(line(*tests)), T0 + 9 * S)
    rows = slow_tests(found, found.snapshot.start_ns > 0).rows.tolist()
    assert [found.snapshot.title(row) for row in rows] == (["long"] if is_slow else [])


@pytest.mark.parametrize(("took", "is_slow"), [(1.1, False), (1.100001, True)])
def test_a_known_test_is_slow_a_tenth_above_what_it_took(took: float, is_slow: bool) -> None:
    """The 95th percentile of its earlier times, and a tenth of that."""
    found = study(snapshot(earlier(1, 1.0), run_now({"a": took, "b": 1.0, "c": 1.0}, T0 + 9 * S)), T0)
    rows = slow_tests(found, found.snapshot.start_ns >= T0).rows.tolist()
    assert [found.snapshot.title(row) for row in rows] == (["a"] if is_slow else [])


@pytest.mark.parametrize("more", [0, 1])
def test_so_many_slow_tests(more: int) -> None:
    """Twenty at most: of more the costliest."""
    quick = [case(f"q{number}", end=T0 + S) for number in range(60)]
    slow = [case(f"s{number}", end=T0 + (10 + number) * S) for number in range(20 + more)]
    found = study(snapshot(line(*quick, *slow)), T0 + 99 * S)
    rows = slow_tests(found, found.snapshot.start_ns > 0).rows
    assert len(rows) == 20
    assert int(found.times.own[rows].min()) == (10 + more) * S


@pytest.mark.parametrize("runs", [12, 13])
def test_so_many_runs_are_named(runs: int) -> None:
    """A dozen are enough to choose from."""
    day = 86_400 * S
    lines = [
        line(
            span(
                f"suite{number}",
                SUITE,
                start=T0 - number * day,
                end=T0 - number * day + S,
                trace=f"{number + 1:032x}",
            )
        )
        for number in range(runs)
    ]
    with pytest.raises(InputError) as caught:
        choice_of(study(snapshot(*lines), T0 + S).runs, "nowhere", None)
    assert str(caught.value).count("suite") == 12


@pytest.mark.parametrize(("beyond", "is_alike"), [(0, False), (1, True)])
def test_the_longest_signature(beyond: int, is_alike: bool) -> None:
    """Headlines are compared up to here; what differs behind it is alike."""
    head = "x" * (200 - 1 - len("E: ") + beyond)
    first, second = (Thrown("E", head + letter, "", 0, "") for letter in "ab")
    assert (first.signature == second.signature) == is_alike


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('  File "a.py", line 999999999, in f', 999_999_999),
        ('  File "a.py", line 1000000000, in f', None),
        ("at f (a.js:999999999:1)", 999_999_999),
        ("f@a.js:1000000000", None),
        ("a.py:999999999: Error", 999_999_999),
        ("a.py:1000000000: Error", None),
    ],
)
def test_the_largest_number_of_a_line(text: str, number: int | None) -> None:
    """Nine digits are a line, ten are something else."""
    (found,) = parse_stack(text)
    assert (found.line if isinstance(found, Frame) else None) == number


@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_so_many_lines_of_a_stack(beyond: int) -> None:
    """Of more only the first are read."""
    assert len(parse_stack("x\n" * (1000 + beyond))) == min(1000, 1000 + beyond)
