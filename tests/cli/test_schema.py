"""Each document is as its schema says, whatever the recording; `tracetui schema` prints what that is."""

import json
import re
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
from click.testing import CliRunner

from tests.analysis.beside.recorded import runs
from tests.builders import case, line, start_record, write_small_run
from tests.cli.completing import completions
from tests.cli.hostile import NASTY
from tests.cli.running import DATA, tracetui
from tests.cli.schemas import check
from tracetui import cli
from tracetui.analysis.compare.comparison import Verdict
from tracetui.analysis.gates.rules import Verdict as Ruled
from tracetui.analysis.ledger.accounts import Account
from tracetui.analysis.ranking.ranking import GROUPINGS
from tracetui.analysis.runs.summary import STATES
from tracetui.analysis.schedule.policy import DISTS
from tracetui.cli import views
from tracetui.cli.fleet.changes import VERBS as QUESTIONS
from tracetui.cli.schema import bundled, names
from tracetui.errors import TracetuiError
from tracetui.ingest import Ingest, load
from tracetui.model.role import Outcome, Role
from tracetui.report.deciding.compare import STATISTICS
from tracetui.report.deciding.gate import EXIT_CODES
from tracetui.report.deciding.history import MEASURES

OF_ANY = (
    "check PATH",
    "waterfall PATH",
    "top PATH",
    "lanes PATH",
    "ledger PATH",
    "critical-path PATH",
    "what-if PATH",
    "plan PATH --workers 2",
    "advise PATH",
    "compare PATH -- PATH",
    "gate PATH --max-test 1us --max-suite 9h --max-regression 10% --fail-on failed,lost,flaky,cut-off",
    "report PATH",
)
"""What is asked of recordings of each kind."""
EMPTY = {"empty.jsonl"}
NO_TESTS = {
    "setuponly",
    "core-analyzer",
    "jaeger-ui-flamegraph-trace.json",
    "dagger-pytest-otel-0.3.1.logs.binpb",
} | {
    f"{name}.json"
    for name in (
        "java-logging-otlp-wrapper",
        "java-logging-otlp-spans",
        "otlp-proto-example-trace",
        "otlp-proto-example-logs",
    )
}
NEED_TESTS = ("what-if", "plan", "compare")
OF_MANY = (
    "waterfall PATH -n 3 --filter role:test",
    "waterfall PATH --depth 1 --run 2",
    "top PATH --by hook --filter dur>1ms",
    "lanes PATH --filter outcome:failed",
    "ledger PATH --price $0.50/h",
    "what-if PATH --workers 2 --dist load",
    "plan PATH --shards 2",
    "compare PATH",
    "history PATH",
    "history PATH t",
    "history PATH --by file",
    "beside t PATH",
    "beside --slow t PATH",
    "flaky PATH --fixed x@2026-11-28",
    "prune PATH --keep 1 --dry-run",
    "prune PATH --keep 99 --dry-run",
)
"""What is asked of a directory of many runs."""
ELSEWHERE = {"confirm": "test_confirm.py", "send": "test_send.py", "fleet.ingest": "test_fleet.py"} | {
    f"fleet.{verb}": "test_fleet_questions.py" for verb in QUESTIONS
}
"""What needs more than recordings; there documents are held against their schema too."""


ENUMS: dict[tuple[str, ...], Iterable[object]] = {
    ("check", "role", "enum"): (role.label for role in Role),
    ("check", "outcome", "enum"): (outcome.label for outcome in Outcome),
    ("check", "run", "properties", "state", "enum"): STATES,
    ("top", "by", "enum"): GROUPINGS,
    ("compare", "compared", "properties", "verdict", "enum"): Verdict,
    ("compare", "compared", "properties", "statistic", "enum"): (*STATISTICS.values(), None),
    ("gate", "verdict", "enum"): Ruled,
    ("gate", "exit_code", "enum"): EXIT_CODES.values(),
    ("history", "by", "enum"): MEASURES,
    ("ledger", "account", "properties", "kind", "enum"): (account.key for account in Account),
    ("plan", "recorded_dist", "enum"): DISTS,
}
"""Where a schema lists words, and the words that there are."""


def verbs(group: click.Group = cli.tracetui, before: str = "") -> Iterator[str]:
    """The commands that print JSON, those of a group as `group.verb`."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from verbs(command, f"{before}{name}.")
        for option in command.params:
            if "--format" in option.opts and "json" in getattr(option.type, "choices", ()):
                yield before + name


def test_every_verb_with_json_has_a_schema_and_is_tried() -> None:
    """A new verb needs a file in `schemas/`, and a line above."""
    assert set(names()) == set(verbs()) == {each.split()[0] for each in (*OF_ANY, *OF_MANY)} | set(ELSEWHERE)


@pytest.fixture(autouse=True)
def kept_there(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of recordings is kept there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def recordings(tmp_path: Path) -> list[Path]:
    """One of each kind: all writers, failed, killed, incomplete, nested; live, hostile, empty, no epoch."""
    made = tmp_path / "made"
    made.mkdir()
    write_small_run(made / "killed")
    (made / "live.jsonl").write_bytes(start_record(case("t::now", start=time.time_ns(), end=0)))
    (made / "hostile.jsonl").write_bytes(line(*map(case, NASTY)) + b"[/x] \x1b[2J]}\n")
    (made / "empty.jsonl").write_bytes(b"")
    (made / "no-epoch.jsonl").write_bytes(line(case("t::early", start=5, end=9)))
    folders = ("chrome", "dialects", "other", "resmoke", "runs")
    return [*made.iterdir(), *(path for folder in folders for path in (DATA / folder).iterdir())]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Sixteen runs: `t` failed in six, beside `x`."""
    for number, part in enumerate([*runs("failed", 6, ["x"]), *runs("passed", 10, ["a"], 10)]):
        (tmp_path / f"run{number}.jsonl").write_bytes(part)
    return tmp_path


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of the time goes by reading, which is not what these are about."""
    monkeypatch.setattr(views, "read", lambda paths: _read(tuple(paths)))


@cache
def _read(paths: tuple[str, ...]) -> Ingest:
    return load(paths)


def printed(command: str, path: Path) -> Any:
    """A document, as its schema says; None where a verb says why it prints none."""
    words = [str(path) if word == "PATH" else word for word in command.split()]
    ran = CliRunner().invoke(cli.tracetui, [*words, "--format", "json"])
    if isinstance(ran.exception, TracetuiError):
        return None
    assert isinstance(ran.exception, SystemExit | None), (command, path, ran.exception)
    return check(ran.stdout_bytes)


@pytest.mark.parametrize("command", OF_ANY)
def test_documents_of_any_recording(command: str, recordings: list[Path], read_once: None) -> None:
    """Whoever wrote it, and however it ended."""
    refused = {path.name for path in recordings if printed(command, path) is None}
    assert refused == (EMPTY | NO_TESTS if command.startswith(NEED_TESTS) else EMPTY)


@pytest.mark.parametrize("command", OF_MANY)
def test_documents_of_many_runs(command: str, many: Path) -> None:
    """With what options add."""
    assert printed(command, many)


def keys(schema: Any, where: str = "") -> Iterator[tuple[str, Any, bool]]:
    """Each key of each object of a schema: its place, what is said of it, whether it is always there."""
    if isinstance(schema, list):
        for each in schema:
            yield from keys(each, where)
    elif isinstance(schema, dict):
        for key, value in schema.get("properties", {}).items():
            yield f"{where}.{key}", value, key in schema["required"]
        for key, value in schema.items():
            yield from keys(value, f"{where}.{key}")


@pytest.mark.parametrize("name", names())
def test_a_schema_says_what_each_key_means(name: str) -> None:
    """It is valid, its keys are described, times in ns; one that may be missing says when it is there."""
    schema = bundled(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"] == schema["properties"]["schema"]["const"] == f"tracetui.{name}/1"
    assert schema["description"]
    for place, told, required in keys(schema):
        said = told.get("description", "" if "$ref" in told or "const" in told else None)
        assert said is not None, place
        assert required != said.startswith("Only "), place
        if place.endswith("_ns"):
            assert re.search(r"\bns\b", said), place
            assert "number" not in told["type"], place


def test_words_are_those_that_there_are() -> None:
    """A new role, outcome or verdict is new in the schema too."""
    for (name, *path), words in ENUMS.items():
        schema = bundled(name)
        place: Any = schema["$defs"] if path[0] in schema["$defs"] else schema["properties"]
        for step in path:
            place = place[step]
        assert set(place) == set(words), path


def test_what_is_wrong_is_found(many: Path) -> None:
    """A key that is missing, unknown, of another type, or has no such word, at any depth."""
    right = printed("lanes PATH", many)
    mistakes: list[tuple[tuple[str | int, ...], object]] = [
        ((), None),
        (("run",), {}),
        (("run", "state"), "dead"),
        (("run", "unknown"), 1),
        (("rows", 0, "unknown"), 1),
        (("rows", 0, "tests"), -1),
        (("rows", 0, "start_ns"), 1.5),
        (("wall_ns",), float("nan")),
    ]
    for path, value in mistakes:
        wrong = json.loads(json.dumps(right))
        place: Any = wrong
        for step in path[:-1]:
            place = place[step]
        if path:
            place[path[-1]] = value
        else:
            del wrong["of_runs"]
        with pytest.raises(AssertionError):
            check(json.dumps(wrong).encode())


def test_the_command() -> None:
    """It prints a schema by the verb or by what the document says of itself; without one it lists them."""
    ran = tracetui("schema", "what-if")
    assert (
        json.loads(ran.stdout)
        == bundled("what-if")
        == json.loads(tracetui("schema", "tracetui.what-if/1").stdout)
    )
    listed = tracetui("schema").stdout.decode()
    assert all(re.search(rf"^{name} +\S", listed, re.MULTILINE) for name in names())
    ran = tracetui("schema", "lane")
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr == b"tracetui: no schema of lane (did you mean lanes?)\n"
    assert completions("tracetui", "schema", "crit") == ["critical-path"]
