"""A run against its past: a store that recordings were loaded into says what the recordings say."""

import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tests.builders import MS, T0, Json, S, case, line, span, table
from tests.cli.running import tracetui
from tests.fleet.runs import load
from tracetui.analysis.compare.sides import sides
from tracetui.analysis.history.records import Records, RunHead, Variant
from tracetui.analysis.history.run_records import records
from tracetui.analysis.overview.baseline import Baseline
from tracetui.analysis.study.findings import Findings, study
from tracetui.cli.hand_over.baseline import asked_while_it_runs, named
from tracetui.errors import InputError
from tracetui.fleet.statistics import past as module
from tracetui.fleet.statistics.pace import baseline
from tracetui.fleet.statistics.past import LATELY_NS, past
from tracetui.fleet.store import open_store
from tracetui.ingest import Ingest
from tracetui.ingest.history.index import history_of
from tracetui.model.role import Outcome, Role
from tracetui.ui.feed.clock import WALL
from tracetui.ui.feed.feed import Feed, Find
from tracetui.ui.feed.reading import Reading

HOUR = 3600 * S
RUNS = 7
SUITE = {"tracetui.span.role": "suite", "test.suite.name": "depot"}


def write_run(
    directory: Path, number: int, *, slow: int = 1, at: int = T0, job: str = "linux", variant: str = ""
) -> Path:
    """A run of ten tests that vary from run to run, with hooks and fixtures; every run has a failed one."""
    trace, start = f"{number + 1:032x}", at + number * HOUR
    top = span("depot", SUITE, trace=trace, start=start, end=start + 60 * S)
    made: list[Json] = []
    for place in range(10):
        took = (50 + 9 * place + (5 * number + 3 * place) % 4) * MS * (slow if place == 2 else 1)
        outcome = {7: "skipped", (number % 3) + 4: "failed"}.get(place, "passed")
        test = case(f"t{place}", outcome, trace=trace, parent=top, start=start, end=start + took)
        fixture = {"tracetui.span.role": "hook", "tracetui.fixture.scope": "module"}
        hooks = (
            span("database", fixture, trace=trace, parent=test, start=start, end=start + 4 * MS),
            span(
                "reset",
                {"tracetui.span.role": "hook"},
                trace=trace,
                parent=top,
                start=start + took,
                end=start + took + 2 * MS,
            ),
        )
        made += [test, *hooks]
        start += took + 2 * MS
    resource = {
        "service.name": "depot",
        "cicd.pipeline.run.id": f"run-{number}",
        "cicd.pipeline.task.name": job,
        "vcs.ref.head.name": "main",
        "vcs.ref.head.revision": f"{number:040x}",
        **({"tracetui.variant": variant} if variant else {}),
    }
    directory.mkdir(exist_ok=True)
    path = directory / f"{job}-{number}.jsonl"
    path.write_bytes(line(*made, top, resource=resource))
    return path


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of earlier runs; beside it a lake of the same and the run that comes `after` them."""
    directory = tmp_path_factory.mktemp("past") / "before"
    for number in range(RUNS):
        write_run(directory, number)
    after = write_run(directory.parent / "after", RUNS, slow=4)
    load(f"lake://{directory.parent}/lake", directory, after)
    return directory


def cells(base: Records, new: Records) -> dict[Any, Any]:
    """Both sides of a comparison by subject, whatever their order."""
    table = sides(base, new)
    columns = table.base._fields[1:]
    return {
        subject: [repr(getattr(side, name)[row]) for side in table[1:] for name in columns]
        for row, subject in enumerate(table.subjects)
    }


def ask(lake: Path, run: Records, *variants: str) -> Records:
    """The past of a run in a lake."""
    with open_store(f"lake://{lake}") as store:
        return past(store, run.heads, variants)


def _comparable(head: RunHead) -> RunHead:
    """Without what no fact tells: its place in a recording, and parts of a variant."""
    return head._replace(key=0, variant=Variant())


def test_a_store_says_what_recordings_say(before: Path) -> None:
    """Every head and every cell of a comparison: tests, hooks and fixtures, passed, failed and skipped."""
    run, recorded = (history_of([str(path)], cache=False) for path in (before.parent / "after", before))
    stored = ask(before.parent / "lake", run)
    assert [_comparable(each) for each in stored.heads] == [_comparable(each) for each in recorded.heads]
    assert cells(stored, run) == cells(recorded, run)


@pytest.mark.parametrize(
    "words",
    [
        ("gate", "AFTER", "--max-regression", "10%", "--format", "json", "--baseline", "BASE"),
        ("gate", "AFTER", "--max-regression", "100%", "--baseline", "BASE"),
        ("report", "AFTER", "--format", "md", "--baseline", "BASE"),
        ("compare", "BASE", "--", "AFTER", "--format", "json"),
    ],
    ids=lambda words: " ".join(words[:3]),
)
def test_verbs_say_the_same(before: Path, words: tuple[str, ...]) -> None:
    """Of a store and of the recordings that were loaded into it, to the byte."""
    after = str(before.parent / "after")
    said = [
        tracetui(*({"AFTER": after, "BASE": base}.get(word, word) for word in words))
        for base in (str(before), f"lake://{before.parent}/lake")
    ]
    assert said[0].stdout == said[1].stdout
    assert (said[0].returncode, said[0].stderr) == (said[1].returncode, said[1].stderr)
    assert b"7" in said[0].stdout
    assert said[0].returncode == (3 if "10%" in words else 0)


def test_only_what_came_before_counts(before: Path) -> None:
    """Neither the run itself, which is in the store, nor what began later."""
    run = history_of([str(before / "linux-3.jsonl")], cache=False)
    assert [each.run_id for each in ask(before.parent / "lake", run).heads] == ["run-0", "run-1", "run-2"]


def test_the_last_runs_of_the_same_suite_and_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many of each job, and none of other suites, jobs or variants."""
    most = 4
    monkeypatch.setattr(module, "MOST_RUNS", most)
    for number in range(most + 2):
        write_run(tmp_path / "runs", number, job="linux")
    write_run(tmp_path / "runs", 30, job="mac")
    write_run(tmp_path / "runs", 31, variant="arm")
    after = write_run(tmp_path / "after", 40)
    load(f"lake://{tmp_path}/lake", tmp_path / "runs")
    run = history_of([str(after)], cache=False)
    found = ask(tmp_path / "lake", run)
    assert [each.run_id for each in found.heads] == [f"run-{n}" for n in (*range(3, most + 2), 31)]
    assert [each.run_id for each in ask(tmp_path / "lake", run, "arm").heads] == ["run-31"]
    assert len(ask(tmp_path / "lake", run, "arm", "").heads) == most
    assert not len(ask(tmp_path / "lake", Records([], [], found.columns)))


def test_runs_of_long_ago_count_where_there_are_no_others(tmp_path: Path) -> None:
    """Where the last days hold fewer than are wanted, all days are looked at."""
    write_run(tmp_path / "runs", 0, at=T0 - 3 * LATELY_NS)
    write_run(tmp_path / "runs", 1)
    load(f"lake://{tmp_path}/lake", tmp_path / "runs")
    run = history_of([str(write_run(tmp_path / "after", 2))], cache=False)
    assert [each.run_id for each in ask(tmp_path / "lake", run).heads] == ["run-0", "run-1"]


def test_a_test_that_was_rerun_tells_no_time(tmp_path: Path) -> None:
    """A fact has the time of all its attempts: of a test that passed at its second one it is no measure."""
    top = span("depot", SUITE, end=T0 + 9 * S)
    attempts = [
        case("t", word, parent=top, start=T0 + n * S, end=T0 + (n + 1) * S)
        for n, word in enumerate(("rerun", "passed"))
    ]
    other = case("u", parent=top, end=T0 + S)
    (tmp_path / "run.jsonl").write_bytes(line(*attempts, other, top))
    load(f"lake://{tmp_path}/lake", tmp_path / "run.jsonl")
    with open_store(f"lake://{tmp_path}/lake") as store:
        (only,) = past(store, [RUN])
    assert (only.head.tests, only.names()) == (2, ["u"])


RUN = RunHead(
    "depot", "", "", 1, T0 + HOUR, T0 + 2 * HOUR, "ended", Outcome.PASSED, "", "", Variant(), 1, 1, 0
)


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("lake://{}/nowhere", b"no lake there; fill it with: tracetui fleet ingest"),
        ("mongo://{}", b"no such store; known are chdb, clickhouse, duckdb, lake"),
        ("lake://{}/empty", b"the store is empty; load recordings with: tracetui fleet ingest"),
        ("lake://{}/lake", b"no run of these suites before"),
    ],
)
def test_what_has_no_past_is_said_in_a_line(tmp_path: Path, base: str, said: bytes) -> None:
    """A wrong store, an empty one, and one without earlier runs: what to do next, and exit code 2."""
    after = write_run(tmp_path / "after", 0)
    load(f"lake://{tmp_path}/lake", after)
    load(f"lake://{tmp_path}/empty")
    ran = tracetui("compare", base.format(tmp_path), "--", after)
    assert (ran.returncode, ran.stdout, ran.stderr.count(b"\n")) == (2, b"", 1)
    assert said in ran.stderr


def test_a_first_run_is_no_error_of_the_pipeline(tmp_path: Path) -> None:
    """A report leaves the comparison out and says so; a gate cannot decide."""
    after = write_run(tmp_path / "after", 0)
    lake = f"lake://{tmp_path}/lake"
    load(lake, after)
    ran = tracetui("report", after, "--format", "md", "--baseline", lake)
    assert (ran.returncode, b"Against the baseline" in ran.stdout) == (0, False)
    assert b"no earlier run of this suite" in ran.stderr
    assert tracetui("gate", after, "--max-regression", "5%", "--baseline", lake).returncode == 4


def test_no_password_is_printed(tmp_path: Path) -> None:
    """Neither that of a store without an earlier run, nor that of a URL that is none."""
    url = "clickhouse://me:secret@host/db"
    assert named([str(tmp_path), url]) == f"{tmp_path} clickhouse://me:***@host/db"
    ran = tracetui("compare", url.replace("house", "horse"), "--", write_run(tmp_path / "after", 0))
    assert b"no such store; did you mean clickhouse?" in ran.stderr
    assert b"secret" not in ran.stderr


def test_a_store_is_no_new_side(tmp_path: Path) -> None:
    """What is new is a recording: a store has many runs, and no spans of any."""
    ran = tracetui("compare", tmp_path, "--", f"lake://{tmp_path}/lake")
    assert (ran.returncode, b"a store can be the base, not the new side" in ran.stderr) == (2, True)


def test_a_live_run_is_held_against_a_store_as_against_recordings_beside_it(
    tmp_path: Path, before: Path
) -> None:
    """The same ETA and its range, the same expected tests, and the same past of each test."""
    live = write_run(tmp_path / "live", RUNS)
    ended = json.loads(live.read_text())
    spans = ended["resourceSpans"][0]["scopeSpans"][0]["spans"]
    now = T0 + RUNS * HOUR + 20 * S
    spans[:] = [*spans[:9], {**spans[-1], "endTimeUnixNano": "0"}]
    begun = json.dumps(ended).encode() + b"\n"
    recorded = [path.read_bytes() for path in sorted(before.iterdir())]
    beside = study(table(*recorded, begun).snapshot(), now)
    alone = study(table(begun).snapshot(), now)
    assert alone.progress.eta_ns is None
    with open_store(f"lake://{before.parent}/lake") as store:
        found = baseline(store, records(alone, alone.choice).heads)
    against = replace(alone, baseline=found)
    assert beside.progress.eta_ns is not None
    for name in ("eta_ns", "eta_range_ns", "expected"):
        assert getattr(against.progress, name) == getattr(beside.progress, name)
    for row in np.flatnonzero(alone.snapshot.role == Role.TEST).tolist():
        pasts = []
        for findings in (against, beside):
            (title,) = [
                number
                for number, text in enumerate(findings.snapshot.texts)
                if text == alone.snapshot.title(row)
            ]
            pasts.append(findings.history.past(Role.TEST, title))
        assert pasts[0] == pasts[1]
        assert pasts[0] is not None


def readings(path: Path, find: Find, said: list[str]) -> list[Reading]:
    """What a feed hands over of a recording."""
    found: list[Reading] = []
    Feed(Ingest([str(path)]), None, WALL, found.append, find, said.append).run()
    return found


def test_the_reading_thread_does_not_wait_for_a_store(before: Path) -> None:
    """The run is shown without its past first, and with it once that has come; trouble is said in a line."""
    said: list[str] = []
    go = threading.Event()
    find = asked_while_it_runs(f"lake://{before.parent}/lake")

    def slow(findings: Findings) -> Baseline | None:
        go.wait(60)
        return find(findings)

    def handed_over(reading: Reading) -> None:
        found.append(reading)
        go.set()

    found: list[Reading] = []
    Feed(Ingest([str(before.parent / "after")]), None, WALL, handed_over, slow, said.append).run()
    assert (found[0].findings.baseline, said) == (None, [])
    assert found[-1].findings.history.runs == RUNS

    def fails(_findings: Findings) -> Baseline | None:
        raise InputError("the store went away")

    assert readings(before.parent / "after", fails, said)[-1].findings.baseline is None
    assert said == ["the store went away"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("open", "AFTER", "--baseline", "lake://nowhere"), b"no lake there; fill it with"),
        (("open", "AFTER", "--baseline", "before"), b"no store; write lake:///DIR, or open before as well"),
        (("receive", "--baseline", "lake://nowhere"), b"--baseline is for what is shown: add --watch"),
        (("exec", "--baseline", "nowhere", "--watch", "--", "true"), b"exec: --watch needs a terminal"),
    ],
)
def test_screens_say_what_is_no_store(tmp_path: Path, words: tuple[str, ...], said: bytes) -> None:
    """Before anything is shown."""
    after = write_run(tmp_path / "after", 0)
    ran = tracetui(*(str(after) if word == "AFTER" else word for word in words), cwd=tmp_path)
    assert (ran.returncode, ran.stdout, said in ran.stderr) == (2, b"", True)


def test_pages_are_held_against_a_store(before: Path) -> None:
    """Without a terminal, too."""
    for words in (("open", before.parent / "after"), ("watch", before.parent / "after")):
        ran = tracetui(*words, "--baseline", f"lake://{before.parent}/lake")
        assert (ran.returncode, ran.stderr) == (0, b"")
