"""`tracetui compare` on recordings in files, directories, and one recording of several runs."""

import json
import re
from pathlib import Path

import pytest

from tests.builders import MS, S, line, span
from tests.cli.running import answer, tracetui
from tests.comparisons import recording
from tracetui.analysis.compare.comparison import Verdict
from tracetui.cli.help import DOCS


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of recordings is kept there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """Two directories of ten runs: one test takes twice as long in the second."""
    for place, (side, ns) in enumerate((("base", S), ("new", 2 * S))):
        (tmp_path / side).mkdir()
        for number in range(10):
            (tmp_path / side / f"{number}.jsonl").write_bytes(
                recording(10 * place + number, a=ns + number * MS)
            )
    return tmp_path


def test_two_directories_of_runs(recordings: Path) -> None:
    """Every run in them counts; options may stand on either side of the `--`."""
    ran = tracetui("compare", "base", "--", "new", "--width", 100, cwd=recordings)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.decode().startswith("1 slower (+999ms)   10 runs against 10 runs")
    told = answer("compare", recordings / "base", "--", recordings / "new")
    assert (told["base_runs"], told["new_runs"], told["needs"]) == (10, 10, None)
    assert [(row["name"], row["verdict"]) for row in told["rows"][:1]] == [("a", "slower")]
    assert {row["verdict"] for row in told["rows"][1:]} == {"same"}
    before = tracetui("compare", "--format", "json", "base", "--", "new", cwd=recordings)
    assert json.loads(before.stdout) == told


def test_several_files_on_a_side(recordings: Path) -> None:
    """And two paths need nothing between them."""
    told = answer(
        "compare", recordings / "base/0.jsonl", recordings / "base/1.jsonl", "--", recordings / "new/0.jsonl"
    )
    assert (told["base_runs"], told["new_runs"]) == (2, 1)
    told = answer("compare", recordings / "base/0.jsonl", recordings / "new/0.jsonl")
    assert (told["base_runs"], told["new_runs"], told["rows"][0]["verdict"]) == (1, 1, "suspect")


def test_one_recording_of_several_runs(tmp_path: Path) -> None:
    """Its newest run against the one before it of the same name, or the two that are chosen."""
    took = {0: ("s", S), 1: ("s", 2 * S), 2: ("other", 9 * S), 3: ("s", 4 * S)}
    (tmp_path / "all.jsonl").write_bytes(b"".join(recording(n, name, a=ns) for n, (name, ns) in took.items()))

    def a(*options: object) -> tuple[int, int]:
        (row,) = (row for row in answer("compare", tmp_path, *options)["rows"] if row["name"] == "a")
        return row["base_ns"], row["new_ns"]

    assert a() == (2 * S, 4 * S)
    assert a("--run", 3) == (S, 2 * S)
    assert a("--against", 4) == (S, 4 * S)
    assert a("--run", "other", "--against", 1) == (4 * S, 9 * S)


def test_the_page_names_every_key_and_verdict(recordings: Path) -> None:
    """And no other key."""
    readme = (DOCS / "deciding.md").read_text()
    (promised,) = re.findall(r'{"schema": "tracetui.compare/1".*?\n(?={)', readme, re.DOTALL)
    told = answer("compare", recordings / "base/0.jsonl", recordings / "new/0.jsonl")
    assert re.findall(r'"([a-z_]+)"(?=[:,}\n])', promised) == [*told, *told["rows"][0]]
    assert all(verdict in readme for verdict in Verdict)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["a", "--"], "one side is empty: tracetui compare BASE... -- NEW..."),
        (["--", "a"], "one side is empty"),
        (["a", "a", "a"], "which are the new ones?"),
        (["a"], "a: no earlier run of that name"),
        (["a", "--", "a", "--run", "1"], "--run and --against choose runs of one recording"),
        (["a", "--", "nowhere"], "nowhere: no such file or directory"),
        (["a", "--", "empty"], "empty: no test ran there"),
    ],
)
def test_wrong_use_says_what_to_do(arguments: list[str], says: str, tmp_path: Path) -> None:
    """In one line, with exit code 2."""
    (tmp_path / "a").write_bytes(recording(0))
    (tmp_path / "empty").write_bytes(line(span("x")))
    ran = tracetui("compare", *arguments, cwd=tmp_path)
    assert ran.returncode == 2
    assert not ran.stdout
    (complaint,) = ran.stderr.decode().splitlines()
    assert complaint.startswith(f"tracetui: {says}")
