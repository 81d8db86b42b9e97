"""`tracetui fleet` as it is typed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.hurried import HURRY
from tests.cli.running import EVERGREEN, answer, in_a_process, on_a_terminal, tracetui
from tracetui.cli.fleet import COMMANDS

WITHOUT = (
    "import sys\n"
    "class Missing:\n"
    "    def find_spec(self, name, *_):\n"
    "        if name.partition('.')[0] in ('ibis', 'duckdb', 'pyarrow'):\n"
    "            raise ModuleNotFoundError(f'No module named {name}', name=name)\n"
    "sys.meta_path.insert(0, Missing())\n"
    "from tracetui.cli import main\n"
    "main()\n"
)
"""The command where the extra is not installed."""


@pytest.mark.parametrize("store", ["lake:///tmp/x/y", "duckdb:///tmp/x/y.db"])
def test_without_the_extra_one_line_says_what_to_install(store: str, tmp_path: Path) -> None:
    """And nothing is made."""
    command = [sys.executable, "-c", WITHOUT, "fleet", "ingest", str(EVERGREEN), "--store"]
    place = store.replace("/tmp/x", str(tmp_path))
    ran = subprocess.run([*command, place], capture_output=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.count(b"\n") == 1
    assert b"pip install 'tracetui[fleet]'" in ran.stderr


def test_the_help_of_all_commands_loads_no_engine() -> None:
    """Nor does that of one: it has to work where the extra is missing."""
    for words in (["--help"], ["fleet", "--help"], ["fleet", "ingest", "--help"]):
        ran = subprocess.run([sys.executable, "-c", WITHOUT, *words], capture_output=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, b"")


def test_the_core_never_imports_the_engines() -> None:
    """Not even those verbs that read recordings."""
    code = (
        "import sys\nfrom tracetui.cli import main\n"
        f"try:\n    main(['top', {str(EVERGREEN)!r}])\nexcept SystemExit:\n"
        "    names = ('ibis', 'duckdb', 'pyarrow', 'tracetui.fleet')\n"
        "    print([name for name in names if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert ran.stdout.endswith(b"[]\n")


def test_ingest_tells_what_came_of_it(tmp_path: Path) -> None:
    """As a line, and as JSON."""
    store = f"lake://{tmp_path}/lake"
    first = tracetui("fleet", "ingest", EVERGREEN, "--store", store)
    assert first.stdout == b"4 files, 133 spans, 193 facts\n"
    again = answer("fleet", "ingest", EVERGREEN, "--store", store)
    assert list(again) == ["schema", "files", "spans", "facts", "skipped"]
    assert again["skipped"] in (0, 4)  # Files that were laid there just now are read again.
    compacted = tracetui("fleet", "compact", TRACETUI_STORE=store)
    assert compacted.stdout == b"1 file, now 1 file\n"


def test_a_store_keeps_days(tmp_path: Path) -> None:
    """Old ones leave when somebody says so."""
    store = f"duckdb://{tmp_path}/facts.db"
    assert tracetui("fleet", "init", "--store", store).returncode == 0
    tracetui("fleet", "ingest", EVERGREEN, "--store", store)
    kept = tracetui("fleet", "prune", "--older", "9999d", "--store", store)
    assert kept.stdout.startswith(b"0 facts from before ")
    gone = tracetui("fleet", "prune", "--older", "1s", "--store", store)
    assert gone.stdout.startswith(b"193 facts from before ")


def test_a_terminal_shows_how_far_it_is(tmp_path: Path) -> None:
    """A line on standard error, which is gone at the end."""
    words = ("fleet", "ingest", EVERGREEN, "--store", f"lake://{tmp_path}/lake")
    code, shown = on_a_terminal(*words, script=HURRY)
    assert code == 0
    assert b"loading  " in shown
    assert b"100%" in shown
    assert shown.rpartition(b"\x1b[K")[2].startswith(b"4 files, 133 spans")


def test_standard_input_is_loaded(tmp_path: Path) -> None:
    """Whatever a pipe brings."""
    data = (EVERGREEN / "metrics2.json").read_bytes()
    ran = in_a_process("fleet", "ingest", "-", "--store", f"lake://{tmp_path}/lake", stdin=data)
    assert (ran.returncode, ran.stdout[:7]) == (0, b"1 file,")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fleet", "ingest", "nowhere", "--store", "lake://lake"], b"no such file"),
        (["fleet", "ingest", ".", "--store", "mongo://x"], b"no such store"),
        (["fleet", "compact"], b"--store"),
        (["fleet", "prune", "--older", "old", "--store", "lake://lake"], b"30d"),
    ],
)
def test_mistakes_end_in_one_line(words: list[str], said: bytes, tmp_path: Path) -> None:
    """Which says what to write instead."""
    ran = tracetui(*words, cwd=tmp_path)
    assert (ran.returncode, ran.stderr.count(b"\n")) == (2, 1)
    assert said in ran.stderr


def test_files_without_a_trace_are_named_and_the_rest_is_loaded(tmp_path: Path) -> None:
    """And the exit code says so."""
    (tmp_path / "notes.txt").write_text("hello")
    words = ("fleet", "ingest", tmp_path / "notes.txt", EVERGREEN, "--store", f"lake://{tmp_path}/lake")
    ran = tracetui(*words)
    assert ran.returncode == 1
    assert b"notes.txt: " in ran.stderr
    assert b"193 facts" in ran.stdout


def test_every_command_is_listed() -> None:
    """In the help of the group."""
    listed = tracetui("fleet", "--help").stdout.decode()
    assert all(f"\n  {name} " in listed for name in COMMANDS)
