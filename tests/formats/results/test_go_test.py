"""`go test -json`: packages, tests, subtests and what they printed, with the times of their events."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MS, S
from tests.formats.results.reading import DATA, go_test, in_full, is_timed, outcomes, said, sample
from tracetui.formats.times import start_time
from tracetui.model.batch import LISTS
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome, Role

DEPOT = "example.com/fleet/depot"


def line(action: str, test: str = "", at_ms: int | None = 0, package: str = "p", **more: Any) -> str:
    """One event, `at_ms` after ten o'clock; without a time if that is None."""
    time = {} if at_ms is None else {"Time": f"2026-11-29T10:00:{at_ms // 1000:02}.{at_ms % 1000:03}Z"}
    return json.dumps({**time, "Action": action, "Package": package, "Test": test, **more}) + "\n"


def test_what_go_writes() -> None:
    """Tests without subtests are tests, those with some are suites of them, packages and all of it too."""
    batch, spans = sample("go-1.19.8.json", go_test)
    ended = {title: outcome for title, outcome, _ in outcomes(batch)}
    assert ended == {
        f"{DEPOT}::TestOpens": "passed",
        f"{DEPOT}::TestCloses/red": "passed",
        f"{DEPOT}::TestCloses/blue_door": "failed",
        f"{DEPOT}::TestPainted": "skipped",
        **{f"{DEPOT}::TestParallel/{name}": "passed" for name in "abc"},
        f"{DEPOT}::TestNorth": "passed",
        f"{DEPOT}::TestSouth": "passed",
        f"{DEPOT}/panics::TestFine": "passed",
        f"{DEPOT}/panics::TestPanics": "failed",
        f"{DEPOT}/slow::TestQuick": "passed",
        f"{DEPOT}/slow::TestHangs": "error",
        f"{DEPOT}/yard::TestGrows": "passed",
    }
    suites = {title: outcome for title, outcome, _ in outcomes(batch, Role.SUITE)}
    assert suites == {
        "go test -json": "failed", DEPOT: "failed", "TestCloses": "failed", "TestParallel": "passed",
        f"{DEPOT}/panics": "failed", f"{DEPOT}/slow": "failed", f"{DEPOT}/broken": "error",
        f"{DEPOT}/yard": "passed", f"{DEPOT}/empty": "skipped",
    }  # fmt: skip
    parents, ids = (dict(zip(batch.title, ids, strict=True)) for ids in (batch.parent_span_id, batch.span_id))
    assert parents[f"{DEPOT}::TestCloses/red"] == ids["TestCloses"]
    assert (parents["TestCloses"], parents[DEPOT]) == (ids[DEPOT], ids["go test -json"])
    (blue,) = spans[f"{DEPOT}::TestCloses/blue_door"]
    assert said(blue.events[0], "exception.message") == ('depot_test.go:17: got "blue door", want "red"')
    (panics,) = spans[f"{DEPOT}/panics::TestPanics"]
    assert said(panics.events[0], "exception.type") == "panic"
    assert "panics_test.go:6" in said(panics.events[0], "exception.stacktrace")
    assert "closing the depot" in said(spans["TestCloses"][0].events[-1], "body")


def test_when_tests_ran() -> None:
    """From `run`, or from `cont` once they go on in parallel; a subtest's end is not that of its event."""
    batch, _ = sample("go-1.19.8.json", go_test)
    assert is_timed(batch) == {True}
    starts = dict(zip(batch.title, batch.start_ns, strict=True))
    assert starts[f"{DEPOT}::TestOpens"] == start_time("2026-11-30T09:51:46.240424867Z")
    assert starts[f"{DEPOT}::TestNorth"] == start_time("2026-11-30T09:51:46.374699414Z")
    took = {title: ns for title, _, ns in outcomes(batch)}
    assert took[f"{DEPOT}::TestParallel/a"] == 40 * MS
    assert 80 * MS < {title: ns for title, _, ns in outcomes(batch, Role.SUITE)}["TestParallel"] < 90 * MS
    timed_out = batch.facts[batch.title.index(f"{DEPOT}/slow::TestHangs")].timed_out
    assert (timed_out, took[f"{DEPOT}/slow::TestHangs"] > 3 * S) == (True, True)


def test_a_failed_build_has_its_message() -> None:
    """As Go 1.24 writes it, beside a test that hung and one that never went on."""
    batch, spans = sample("go-1.24.json", go_test)
    (broken,) = spans["example.com/fleet/broken"]
    assert broken.status.message == "broken/broken_test.go:5:32: undefined: door"
    assert said(broken.events[0], "exception.stacktrace").startswith("# example.com/fleet/broken [")
    assert broken.attributes["go.failed_build"] == "example.com/fleet/broken [example.com/fleet/broken.test]"
    assert outcomes(batch) == [
        ("example.com/fleet/yard::TestHangs", "error", S + 10 * MS + 100_000),
        ("example.com/fleet/yard::TestWaits", "cut_off", 0),
    ]
    assert [(problem.kind, problem.number) for problem in batch.noted] == [(Kind.OTHER_LINES, 2)]
    batch, spans = sample("go-1.19.8.json", go_test)
    assert (spans[f"{DEPOT}/broken"][0].name, spans[f"{DEPOT}/broken"][0].status.message) == (
        f"{DEPOT}/broken",
        "build failed",
    )
    left = line("output", Output="exit status 3\n") + line("output", Output="FAIL\tp\t0.1s\n") + line("fail")
    assert in_full(left, go_test(left))["p"][0].status.message == "exit status 3"


def test_without_times_there_are_durations() -> None:
    """`go tool test2json` without `-t`: what each test printed says how long it took."""
    batch, _ = sample("go-1.19.8-untimed.json", go_test)
    assert is_timed(batch) == {False}
    took = {title: ns for title, _, ns in outcomes(batch)}
    assert (took[f"{DEPOT}::TestOpens"], took[f"{DEPOT}::TestParallel/a"]) == (30 * MS, 40 * MS)
    assert set(batch.start_ns) == {1000}


def test_results_of_the_cache_have_no_times() -> None:
    """They are told today, and ran some other day; that counts as well where nothing says so."""
    batch, _ = sample("go-1.19.8-cached.json", go_test)
    assert is_timed(batch) == {False}
    told = line("run", "T") + line("pass", "T", 1, Elapsed=5.25) + line("pass", at_ms=2, Elapsed=0)
    batch = go_test(told)
    assert is_timed(batch) == {False}
    assert outcomes(batch) == [("p::T", "passed", 5250 * MS)]


def test_a_package_of_the_cache_beside_others() -> None:
    """Only its own times are unknown."""
    cached = line("output", at_ms=1, Output="ok  \tp\t(cached)\n") + line("pass", at_ms=2)
    other = line("run", "U", 3, "q") + line("pass", "U", 4, "q") + line("pass", "", 5, "q")
    batch = go_test(line("run", "T") + line("pass", "T", 1) + cached + other)
    unknown = [title for title, resource in zip(batch.title, batch.resource, strict=True) if resource]
    assert unknown == ["p::T", "p"]


@pytest.mark.parametrize(("name", "parents"), [
    ("T/a", ["T"]), ("T/a/b", ["T/a"]), ("T/a/b/c", ["T/a/b"]), ("T/x/b", ["T"]), ("U/a", ["p"])
])  # fmt: skip
def test_subtests_are_below_the_test_that_ran_them(name: str, parents: list[str]) -> None:
    """Names may have slashes of their own: the innermost test that is under way counts."""
    names = [known for known in ("T", "T/a", "T/a/b") if known != name and not known.startswith(f"{name}/")]
    lines = [line("run", test) for test in (*names, name)]
    lines += [line("pass", test, 5) for test in (name, *reversed(names))]
    batch = go_test("".join(lines) + line("pass", at_ms=9))
    ids = dict(zip(batch.span_id, batch.name, strict=True))
    assert [ids[batch.parent_span_id[batch.name.index(name)]]] == parents


def test_one_test_many_times() -> None:
    """With `-count=2` each run of it is a test."""
    lines = [line("run", "T", at) + line("fail" if at else "pass", "T", at + 4) for at in (0, 5)]
    batch = go_test("".join(lines) + line("fail", at_ms=9))
    assert outcomes(batch) == [("p::T", "passed", 4 * MS), ("p::T", "failed", 4 * MS)]
    assert len(set(batch.span_id)) == 3


def test_what_never_ended_is_cut_off() -> None:
    """A stream without its end: up to the last sign of life."""
    batch = go_test(line("start") + line("run", "T", 5) + line("output", "T", 30, Output="x\n")[:-9])
    assert outcomes(batch) == [("p::T", "cut_off", 0)]
    assert batch.outcome[batch.title.index("p")] is Outcome.CUT_OFF
    assert batch.rejected[0].reason.startswith("no event: ")


@pytest.mark.parametrize("more", [
    {"Elapsed": "soon"}, {"Elapsed": -1}, {"Elapsed": 1e300}, {"Time": 5}, {"Time": "noon"}, {"Output": [1]},
    {"Package": None}, {"Test": {}},
])  # fmt: skip
def test_fields_of_a_wrong_type_cost_no_test(more: dict[str, Any]) -> None:
    """They are counted, or say nothing; the test is there."""
    bad = json.dumps(json.loads(line("pass", "T", 7)) | more) + "\n"
    batch = go_test(line("run", "T") + bad + line("pass", at_ms=9))
    assert "T" in batch.name
    assert not batch.rejected


def test_lines_of_others_are_counted() -> None:
    """What the go command, and a shell, says in between."""
    batch = go_test("go: downloading x\n" + line("run", "T") + "PASS?\n{}\n" + line("pass", "T", 1))
    (noted,) = batch.noted
    assert (noted.kind, noted.number, noted.offset) == (Kind.OTHER_LINES, 3, 0)


@given(st.data())
def test_cut_anywhere_it_is_the_same(data: st.DataObject) -> None:
    """However the bytes come, the spans are those of the whole."""
    content = data.draw(st.sampled_from(sorted(DATA.glob("go-*.json")))).read_bytes()
    cuts = data.draw(st.lists(st.integers(0, len(content)), max_size=5))
    whole, parts = go_test(content), go_test(content, cuts)
    assert [getattr(parts, name) for name in LISTS] == [getattr(whole, name) for name in LISTS]


_EVENTS = st.builds(
    line,
    st.sampled_from(["start", "run", "pause", "cont", "output", "pass", "fail", "skip", "bench", "what"]),
    st.sampled_from(["", "T", "T/a", "T/a/b", "U", "/", "T/"]),
    st.none() | st.integers(0, 59_999),
    st.sampled_from(["p", "q", ""]),
    Elapsed=st.none() | st.floats(0, 100),
    Output=st.sampled_from(["--- PASS: T (0.50s)\n", "panic: test timed out after 1s\n", "x"]),
)


@given(st.lists(_EVENTS.map(str.encode) | st.binary(max_size=20), max_size=25).map(b"".join))
def test_whatever_the_events(data: bytes) -> None:
    """In any order and number they become spans that can be read back, and end no earlier than they begin."""
    batch = go_test(data)
    in_full(data, batch)
    assert len(set(batch.span_id)) == len(batch)
    ids = {*batch.span_id, ""}
    assert ids.issuperset(batch.parent_span_id)
    assert all(end >= start > 0 for start, end in zip(batch.start_ns, batch.end_ns, strict=True))
