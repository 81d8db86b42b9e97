"""`tracetui history` on directories of recordings, with an index in a cache of its own."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import MS, T0, S, case, id_of, line, span
from tests.cli.running import tracetui

HOUR = 3600 * S


def write_run(spans: Path, number: int) -> None:
    """A run of a few tests, of which one takes twice as long from the thirteenth on."""
    at, trace = T0 + number * HOUR, f"{number + 1:032x}"
    told = {"tracetui.span.role": "suite", "test.suite.name": "s"}
    top = span("s", told, start=at, end=at + 900 * S, trace=trace)
    spent = {f"a.py::t{place}": (100 + place) * MS + (number * 7919 % 97) * MS // 50 for place in range(9)}
    spent["a.py::slow"] = (2 if number >= 12 else 1) * S
    tests = [
        case(name, start=at + S, end=at + S + ns, trace=trace, parent=top, id=id_of(name, at))
        for name, ns in spent.items()
    ]
    db = {"tracetui.span.role": "hook", "tracetui.fixture.scope": "session", "tracetui.hook.when": "setup"}
    fixture = span("db setup", db, start=at, end=at + S // 2, trace=trace, parent=top)
    (spans / f"{number:02}.jsonl").write_bytes(line(top, *tests, fixture))


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    (tmp_path / "spans").mkdir()
    for number in range(20):
        write_run(tmp_path / "spans", number)
    return tmp_path / "spans"


def asked(spans: Path, *words: object) -> Any:
    ran = tracetui("history", spans, *words, "--format", "json", XDG_CACHE_HOME=str(spans.parent / "cache"))
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_what_changed_and_when(spans: Path) -> None:
    """The page and the JSON say the same; a new run is seen though there is an index."""
    ran = tracetui("history", spans, "--width", 100, XDG_CACHE_HOME=str(spans.parent / "cache"))
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.decode().startswith("10 tests, 1 changed (+997ms a run)   20 runs")
    found = asked(spans)
    (change,) = found["rows"][0]["changes"]
    assert (found["rows"][0]["name"], change["start_ns"]) == ("a.py::slow", T0 + 12 * HOUR)
    write_run(spans, 20)
    assert asked(spans)["runs"] == 21
    assert asked(spans, "--no-cache") == asked(spans)


def test_fixtures_and_single_tests(spans: Path) -> None:
    """What is followed, one by name, and runs up to one."""
    assert [row["name"] for row in asked(spans, "--by", "fixture")["rows"]] == ["db setup"]
    (slow,) = asked(spans, "slow")["rows"]
    assert len(slow["points"]) == 20
    before = asked(spans, "slow", "--run", "9")
    assert (before["runs"], before["rows"][0]["changes"]) == (12, [])


def test_mistakes_get_one_line(tmp_path: Path) -> None:
    """No directory, an empty one, a job that is none."""
    for words, told in (
        (("missing",), "missing: no such file or directory"),
        ((tmp_path,), f"{tmp_path}: no test runs in it; give a directory of span files"),
    ):
        ran = tracetui("history", *words, cwd=tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
        assert (ran.returncode, ran.stderr.decode()) == (2, f"tracetui: {told}\n")
    write_run(tmp_path, 0)
    ran = tracetui("history", tmp_path, "--job", "x", XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert (ran.returncode, ran.stderr.decode()) == (2, "tracetui: no job is called x; known are 1: s\n")
