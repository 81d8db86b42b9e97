"""`tracetui fleet` asked as it is typed: pages, and documents as their schemas say."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.running import answer, tracetui
from tracetui.cli.fleet.changes import VERBS

pytest.importorskip("ibis", reason="needs: pip install -e '.[fleet]'")
OPTIONS = {
    "slowest": ("--price", "0.04/h", "--by", "cost"),
    "cost": ("--by", "owner", "--price", "$0.04/h"),
    "regress": ("--since", "2026-09-28", "--until", "2026-10-05"),
    "history": ("tests/test_1.py::test_1",),
}
FIRST = {"cost": "name", "stats": "day", "doctor": "check", "hooks": "hook", "archive": "suite"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A lake of a small fleet."""
    from tests.fleet.lake import Plan, fleet, write_lake

    lake = write_lake(tmp_path_factory.mktemp("lake"), fleet(Plan(tests=25, regressed=3, flaky=2)))
    return f"lake://{lake}"


@pytest.mark.parametrize("verb", VERBS)
def test_every_format(verb: str, store: str) -> None:
    """A page, Markdown, JSON as its schema says, CSV with as many rows, the SQL of all of it."""
    words = ("fleet", verb, *OPTIONS.get(verb, ()), "--store", store)
    found = answer(*words)
    assert found["rows"]
    page = tracetui(*words, "--width", "80").stdout.decode()
    assert "runs, " in page
    assert max(map(len, page.splitlines())) <= 80
    told = list(csv.DictReader(io.StringIO(tracetui(*words, "--format", "csv").stdout.decode())))
    first = FIRST.get(verb, "test")
    assert [row[first] for row in told] == [row[first] for row in found["rows"]]
    assert tracetui(*words, "--format", "md").stdout.startswith(b"## ")
    sql = tracetui("fleet", "sql", verb, "--store", store).stdout.decode()
    assert sql.count(";\n") >= 2
    assert "test_facts" in sql


def test_github_takes_no_more(store: str, tmp_path: Path) -> None:
    """The summary goes to the file of the step, behind what is there."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    ran = tracetui(
        "fleet", "stats", "--store", store, "--format", "github", "-n", "0", GITHUB_STEP_SUMMARY=str(summary)
    )
    assert ran.stdout == b""
    text = summary.read_text()
    assert text.startswith("before\n## ")
    assert len(text.encode()) < 1024 * 1024


def test_windows_of_people_and_places(store: str) -> None:
    """Days, ages and texts choose runs; what chooses none says what there is."""
    every = answer("fleet", "slowest", "--store", store)
    week = answer(
        "fleet", "slowest", "--store", store, "--since", "2026-09-28", "--until", "2026-10-05T00:00"
    )
    assert (every["runs"], week["runs"]) == (28, 14)
    assert answer("fleet", "slowest", "--store", store, "--since", "1s")["runs"] == 0
    few = answer("fleet", "slowest", "--store", store, "--branch", "release", "--variant", "linux")
    assert 0 < few["runs"] < every["runs"]
    shown = tracetui("fleet", "slowest", "--store", store, "--owner", "nobody").stdout.decode()
    assert (
        "no run is in this window; the store has 28 runs, 2026-09-21 00:00 to 2026-10-04 12:00 UTC" in shown
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("slowest", "--by", "cost"), "--by cost needs a price of a core"),
        (("slowest", "--since", "yesterday"), "'yesterday' is not a time; write 14d, 2026-11-28"),
        (("slowest", "--since", "1d", "--until", "2d"), "--since is not before --until"),
        (("regress", "--since", "1d", "--against", "1h"), "--against is not before --since"),
    ],
)
def test_wrong_use_is_one_line(words: tuple[str, ...], said: str, store: str) -> None:
    """That says what to do."""
    ran = tracetui("fleet", *words, "--store", store)
    assert (ran.returncode, ran.stdout, ran.stderr.count(b"\n")) == (2, b"", 1)
    assert said in ran.stderr.decode()


def test_names_are_only_text(tmp_path: Path) -> None:
    """Markup and cells' ends stay what they are in every format; control codes do in JSON only, escaped."""
    from tests.fleet.lakes import fact
    from tests.fleet.test_questions import of_facts

    name = "t::[bold]x[/] | `a` @me \x1b[2J\n=1"
    of_facts(tmp_path, [fact(name, suite=name, owner=name)]).close()
    for form in ("table", "md", "csv", "json"):
        ran = tracetui("fleet", "slowest", "--store", f"lake://{tmp_path}", "--format", form)
        assert b"\x1b" not in ran.stdout
        assert (b"#x1B[2J" in ran.stdout) == (form == "csv")
    assert json.loads(ran.stdout)["rows"][0]["test"] == name
