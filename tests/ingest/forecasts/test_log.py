"""Forecasts come back as they were kept, whatever else stands in their file, and wherever that may be."""

import json
import os
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.builders import HOSTILE_NAMES, S, case, line
from tests.tracing.recording import run_python_alone
from tracetui.analysis.forecasts.checks import Forecast
from tracetui.ingest import load
from tracetui.ingest.forecasts import log
from tracetui.ingest.forecasts.log import NAME, keep, kept, place

FORECAST = Forecast("plan", 100, "depot", 4, 50 * S, 45 * S, 55 * S, "worksteal", "4711")


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    """A directory as our writer makes it."""
    directory = tmp_path / "spans"
    directory.mkdir()
    (directory / ".gitignore").write_text("*\n")
    (directory / "run.traces.jsonl").write_bytes(line(case("a")))
    return directory


def test_they_come_back(spans: Path) -> None:
    """In the order in which they were made, from the directory or a file in it, whatever they are called."""
    made = [replace(FORECAST, made_ns=number, suite=name) for number, name in enumerate(HOSTILE_NAMES)]
    assert all(keep([str(spans)], forecast) for forecast in made)
    assert kept([str(spans)]) == made
    assert kept(["-", str(spans / "run.traces.jsonl")]) == made


def test_no_reader_takes_them_for_spans_and_git_does_not_see_them(spans: Path) -> None:
    """They are in a hidden file of a directory whose `.gitignore` is of all in it."""
    keep([str(spans)], FORECAST)
    assert (spans / NAME).stat().st_mode & 0o777 == 0o600
    ingest = load([str(spans)])
    assert len(ingest.table.snapshot()) == 1
    assert not ingest.table.snapshot().health.problems


def test_nothing_is_put_among_the_files_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no writer of ours made the directory they are kept in the cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    other = tmp_path / "other"
    other.mkdir()
    assert keep([str(other)], FORECAST)
    assert list(other.iterdir()) == []
    assert kept([str(other)]) == [FORECAST]
    assert kept([str(tmp_path)]) == []


def test_standard_input_has_no_place() -> None:
    """Nothing of it is kept, and that is no error."""
    assert place(["-"]) is None
    assert not keep(["-"], FORECAST)
    assert kept(["-"]) == []


def test_what_else_stands_there_is_passed_over(spans: Path) -> None:
    """Lines that are torn, no JSON, of another kind or of a later version with more keys."""
    keep([str(spans)], FORECAST)
    good = json.loads((spans / NAME).read_bytes())
    lines = [b"{", b"\xff\xfe", b"null", b"[]", b'{"kind": "plan"}', b"[" * 10_000]
    changes: list[dict[str, object]] = [{"kind": "guess"}, {"workers": "4"}, {"predicted_ns": 0}]
    lines += [json.dumps(good | change).encode() for change in changes]
    lines += [json.dumps(good | {"more": 1, "made_ns": 7}).encode()]
    (spans / NAME).write_bytes(b"\n".join(lines) + b'\n{"kind": "pl')
    assert kept([str(spans)]) == [replace(FORECAST, made_ns=7)]


def test_a_torn_line_costs_no_other(spans: Path) -> None:
    """A disk that was full has left half a line: the next forecast still is one."""
    (spans / NAME).write_bytes(b'{"kind": "plan", "made')
    keep([str(spans)], FORECAST)
    keep([str(spans)], replace(FORECAST, made_ns=101))
    assert kept([str(spans)]) == [FORECAST, replace(FORECAST, made_ns=101)]


def test_many_writers_lose_nothing(spans: Path) -> None:
    """Each line is whole, and each is there."""

    def write(number: int) -> None:
        for round_ in range(20):
            keep([str(spans)], replace(FORECAST, made_ns=100 * number + round_))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.made_ns for each in kept([str(spans)])) == sorted(
        100 * number + round_ for number in range(5) for round_ in range(20)
    )


def test_it_does_not_grow_for_ever(spans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newer half stays of what is too long."""
    monkeypatch.setattr(log, "MOST_BYTES", 4000)
    for number in range(200):
        assert keep([str(spans)], replace(FORECAST, made_ns=number))
    assert (spans / NAME).stat().st_size <= 4000
    numbers = [each.made_ns for each in kept([str(spans)])]
    assert numbers == list(range(numbers[0], 200))
    assert len(numbers) > 5
    assert [path.name for path in spans.iterdir() if path.name.startswith(".forecasts-")] == []


@pytest.mark.parametrize("kind", ["directory", "fifo", "link"])
def test_what_is_no_file_is_left_alone(spans: Path, kind: str) -> None:
    """Nothing is written to it, nothing is waited for."""
    path = spans / NAME
    target = spans / "target"
    if kind == "directory":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(target)
    assert not keep([str(spans)], FORECAST)
    assert kept([str(spans)]) == []
    assert not target.exists()


def test_a_directory_that_may_not_be_written_is_no_error(spans: Path) -> None:
    """What is kept there can be read all the same."""
    keep([str(spans)], FORECAST)
    code = f"""
        from pathlib import Path
        from tests.ingest.forecasts.test_log import FORECAST, keep, kept
        import os
        os.chmod({str(spans / NAME)!r}, 0o400)
        os.chmod({str(spans)!r}, 0o500)
        assert not keep([{str(spans)!r}], FORECAST)
        assert kept([{str(spans)!r}]) == [FORECAST]
    """
    ran = run_python_alone(code, Path(__file__).parents[3], as_user=True)
    spans.chmod(0o700)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(("beyond", "lost"), [(-1, 0), (0, 0), (1, 1)])
def test_as_much_is_read_as_two_files_hold(
    spans: Path, monkeypatch: pytest.MonkeyPatch, beyond: int, lost: int
) -> None:
    """A line that begins before that is left out whole."""
    made = [replace(FORECAST, made_ns=100 + number) for number in range(10)]
    assert all(keep([str(spans)], forecast) for forecast in made)
    size = (spans / NAME).stat().st_size
    assert size % 20 == 0, "ten lines of one length"
    monkeypatch.setattr(log, "MOST_BYTES", size // 2)
    (spans / NAME).write_bytes((spans / NAME).read_bytes() + b"\n" * max(0, beyond))
    assert kept([str(spans)]) == made[lost:]
