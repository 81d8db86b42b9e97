"""Old runs leave, whole; nothing else does."""

import os
import platform
import time
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.builders import T0, S, case, line, span, start_record
from tests.cli.running import answer, tracetui
from tracetui.ingest.old_runs import OldRun, chosen
from tracetui.sources.writers import wrote

DAY = 86_400 * S


def write_run(spans: Path, number: int, **resource: Any) -> list[Path]:
    """A run of two processes, `number` days after the first: spans, and what its writers left beside them."""
    start, trace = T0 + number * DAY, f"{number + 1:032x}"
    facts = {"service.name": "depot", "process.pid": 1, "host.name": "elsewhere"} | resource
    suite = span(
        f"suite {number}", {"tracetui.span.role": "suite"}, trace=trace, start=start, end=start + 9 * S
    )
    test = case("t::a", trace=trace, start=start + S, end=start + 2 * S, parent=suite)
    packed = {"tracetui.span.role": "archiver", "tracetui.archive.path": f"artifacts/{number}.tar.zst"}
    archived = span("archive", packed, trace=trace, start=start + 3 * S, end=start + 4 * S, parent=test)
    stems = [f"2026111{number}T000000Z-depot-{pid}-0123456{pid}" for pid in (1, 2)]
    contents = {
        f"{stems[0]}.traces.jsonl": line(suite, archived, resource=facts),
        f"{stems[1]}.traces.jsonl": line(test, resource=facts),
        f"live/{stems[0]}.logs.jsonl": start_record(suite, facts),
        f"logs/{stems[1]}.logs.jsonl": b"",
        f"artifacts/{number}.tar.zst": b"packed",
    }
    for name, content in contents.items():
        path = spans / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(start, start))
    return [spans / name for name in contents]


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    """Five runs, and what is none of them."""
    path = tmp_path / "spans"
    for number in range(5):
        write_run(path, number)
    (path / "notes.txt").write_text("mine")
    (path / "20261110T000000Z-other-1-01234567.traces.jsonl.bak").write_text("mine")
    (path / ".gitignore").write_text("*")
    return path


def files(path: Path) -> set[str]:
    return {str(found.relative_to(path)) for found in path.rglob("*") if not found.is_dir()}


def runs_left(path: Path) -> set[str]:
    return {name.split("T")[0][-1] for name in files(path) if name.endswith(".traces.jsonl")}


def test_all_files_of_the_oldest_runs_leave(spans: Path) -> None:
    """With start records, logs and archives; what is not theirs stays; nothing is left of the folders."""
    before = files(spans)
    gone = {name for name in before if any(f"2026111{number}T000000Z-depot" in name for number in (0, 1, 2))}
    gone |= {f"artifacts/{number}.tar.zst" for number in (0, 1, 2)}
    ran = tracetui("prune", spans, "--keep", "2", "--yes")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.startswith(b"3 runs in 15 files, ")
    assert files(spans) == before - gone
    ran = tracetui("prune", spans, "--keep", "0", "--yes")
    assert sorted(files(spans)) == [
        ".gitignore",
        "20261110T000000Z-other-1-01234567.traces.jsonl.bak",
        "notes.txt",
    ]
    assert [found.name for found in spans.iterdir() if found.is_dir()] == []


def test_a_look_removes_nothing(spans: Path) -> None:
    """`--dry-run` tells how many, how large, from when to when; JSON has each file."""
    before = files(spans)
    found = answer("prune", spans, "--keep", "3", "--dry-run")
    assert (found["schema"], found["removed"]) == ("tracetui.prune/1", False)
    assert (found["runs"], found["files"], found["oldest_ns"]) == (2, 10, T0 + 9 * S)
    assert [run["names"] for run in found["left"]] == [["suite 1"], ["suite 0"]]
    assert sum(Path(file).stat().st_size for run in found["left"] for file in run["files"]) == found["bytes"]
    assert files(spans) == before


def test_by_age(spans: Path) -> None:
    """What ended before; with `--keep` only what is beyond that, too."""
    ended = time.time_ns() - (T0 + 2 * DAY + 9 * S)
    age = f"{ended // S + 3600}s"
    assert answer("prune", spans, "--older", age, "--dry-run")["runs"] == 2
    assert answer("prune", spans, "--older", age, "--keep", "4", "--dry-run")["runs"] == 1
    assert answer("prune", spans, "--older", age, "--keep", "1", "--dry-run")["runs"] == 2


def test_what_has_no_date_is_as_old_as_its_file(tmp_path: Path) -> None:
    """A build's trace that counts from 0 was not made in 1970."""
    for name, days in (("new", 1), ("old", 40)):
        path = tmp_path / f"{name}.json"
        path.write_bytes(orjson.dumps([{"ph": "X", "name": name, "ts": 0, "dur": 1_000_000}]))
        then = time.time_ns() - days * DAY
        os.utime(path, ns=(then, then))
    page = tracetui("prune", tmp_path, "--older", "30d", "--dry-run").stdout.decode()
    assert "1 run in 1 file" in page
    assert " old" in page
    assert "1970" not in page
    (left,) = answer("prune", tmp_path, "--keep", 1, "--yes")["left"]
    assert left["names"] == ["old"]
    assert files(tmp_path) == {"new.json"}


def test_at_the_edges() -> None:
    """Exactly as old is not older; one that is held counts among those that are kept."""
    runs = [OldRun((str(end),), 0, end, (), held) for end, held in ((50, ""), (40, "held"), (30, ""))]
    assert [run.end_ns for run in chosen(runs, 2, None, 60)] == [30]
    assert [run.end_ns for run in chosen(runs, 0, None, 60)] == [50, 30]
    assert [run.end_ns for run in chosen(runs, None, 30, 60)] == []
    assert [run.end_ns for run in chosen(runs, None, 29, 60)] == [30]


@pytest.mark.parametrize("arguments", [["--keep", "1"], [], ["--older", "soon", "--yes"]])
def test_it_asks_and_wants_to_know_what(spans: Path, arguments: list[str]) -> None:
    """Without a terminal nobody can be asked; without a choice nothing is chosen."""
    before = files(spans)
    ran = tracetui("prune", spans, *arguments)
    assert (ran.returncode, ran.stderr.count(b"\n")) == (2, 1)
    assert files(spans) == before


def test_what_is_being_written_stays(spans: Path) -> None:
    """Files that changed just now, and those of a process that runs."""
    (young,) = spans.glob("20261110*-1-*.traces.jsonl")
    os.utime(young)
    for path in write_run(spans, 1, **{"process.pid": os.getpid(), "host.name": platform.node()}):
        os.utime(path, ns=(time.time_ns() - 120 * S,) * 2)
    os.utime(spans, None)
    found = answer("prune", spans, "--keep", "0", "--yes")
    whys = {run["names"][0]: run["why"] for run in found["held"]}
    assert whys["suite 0"] == "it was written to in the last minute"
    assert found["removed"]
    assert "0" in runs_left(spans)


def test_links_lead_nowhere(spans: Path, tmp_path: Path) -> None:
    """A run of which a file is behind a link stays, and so does what the link leads to."""
    (path,) = spans.glob("20261110*-2-*.traces.jsonl")
    (tmp_path / "outside.jsonl").write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(tmp_path / "outside.jsonl")
    found = answer("prune", spans, "--keep", "0", "--yes")
    assert [run["why"] for run in found["held"]] == ["a link leads to one of its files"]
    assert runs_left(spans) == {"0"}
    assert (tmp_path / "outside.jsonl").exists()


def test_archive_paths_that_climb_are_not_believed(spans: Path, tmp_path: Path) -> None:
    """What spans say is foreign: only what lies in `artifacts` leaves."""
    (tmp_path / "precious").write_text("mine")
    for path in spans.glob("*.traces.jsonl"):
        stamp = path.stat().st_mtime_ns
        path.write_bytes(path.read_bytes().replace(b"artifacts/0.tar.zst", b"artifacts/../../precious"))
        os.utime(path, ns=(stamp, stamp))
    assert tracetui("prune", spans, "--keep", "0", "--yes").returncode == 0
    assert (tmp_path / "precious").exists()


def test_an_empty_directory_has_nothing_to_remove(tmp_path: Path) -> None:
    """That is no mistake: a nightly job prunes whether or not there is anything."""
    ran = tracetui("prune", tmp_path, "--keep", "1", "--yes")
    assert (ran.returncode, ran.stdout) == (0, b"nothing to remove\n")


def test_a_process_that_began_later_wrote_nothing() -> None:
    """Process ids are used again: the one that runs now is the writer only if it ran then."""
    began_ns = Path("/proc/self").stat().st_ctime_ns
    here = (os.getpid(), platform.node())
    assert wrote(*here, time.time_ns())
    assert not wrote(*here, began_ns - 3600 * S)
    assert not wrote(os.getpid(), "elsewhere", time.time_ns())


@pytest.mark.parametrize("text", ["3x", "", "-1d", "1.5h", "d", "1000000000000d"])
def test_an_age_that_is_not_one(spans: Path, text: str) -> None:
    """What to write instead is said."""
    ran = tracetui("prune", spans, f"--older={text}")
    assert ran.returncode == 2
    assert f"{text!r} is not an age; write 30d, 12h, 45m or 2w" in ran.stderr.decode()
