"""The command itself: help, what it loads, exit codes and one-line errors."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders import case, line, small_run
from tests.cli.running import EVERGREEN, Ran, environment, on_a_terminal, tracetui, tracetui_as_user

HEAVY = ("textual", "numpy", "opentelemetry", "msgspec", "rich", "watchfiles", "orjson", "pytest")
VERBS = ("waterfall", "top", "check")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"], ["top", "--help"], ["demo", "-h"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Help and version are answered without the libraries that the work needs."""
    program = f"""
import json, sys
from tracetui.cli import main
try:
    main({arguments!r})
except SystemExit as end:
    print(json.dumps([end.code, [name for name in {HEAVY!r} if name in sys.modules]]))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert json.loads(ran.stdout.splitlines()[-1]) == [0, []]


def test_the_two_names_of_the_command_are_one() -> None:
    """`python -m tracetui` and the console script say the same."""
    script = Path(sys.executable).with_name("tracetui")
    ran = subprocess.run([script, "--version"], capture_output=True, check=True, env=environment())
    assert ran.stdout == tracetui("--version").stdout


def test_no_command_is_wrong_use() -> None:
    """Without a command, the help goes to stderr and the exit code is 2."""
    ran = tracetui()
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"waterfall" in ran.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["top"],
        ["nonsense"],
        ["\x1b[2J"],
        ["top", "--by", "colour", "."],
        ["top", "--\x1b[2J", "."],
        ["waterfall", "--format", "xml", "."],
        ["waterfall", "-n", "-1", "."],
        ["demo", "surplus"],
    ],
)
def test_wrong_use_is_one_line(arguments: list[str]) -> None:
    """Wrong use ends in one line on stderr that names the help, and exit code 2."""
    message = _complaint(arguments)
    assert "--help" in message


@pytest.mark.parametrize("verb", [*VERBS, "open", "watch"])
def test_a_missing_path_is_one_line(verb: str, tmp_path: Path) -> None:
    """A path that is not there is named, whatever the command."""
    assert str(tmp_path / "gone") in _complaint([verb, str(tmp_path / "gone")])


@pytest.mark.parametrize("verb", [*VERBS, "open", "watch"])
def test_an_empty_directory_is_one_line(verb: str, tmp_path: Path) -> None:
    """A directory without files is no recording."""
    assert "no files" in _complaint([verb, str(tmp_path)])


@pytest.mark.parametrize("content", [b"", b"hello\n", b"\x00\xff" * 99, b"{}\n", b'{"a": 1}\n', b"[1, 2"])
def test_what_is_no_trace_is_one_line(content: bytes, tmp_path: Path) -> None:
    """A file without a span is refused, and the reason given."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    assert "not a trace" in _complaint(["check", str(path)])


def test_one_bad_path_among_good_ones_is_refused(tmp_path: Path) -> None:
    """Every path has to be a trace; the one that is none is named."""
    path = tmp_path / "notes.txt"
    path.write_bytes(b"hello\n")
    assert str(path) in _complaint(["top", str(EVERGREEN), str(path)])


def test_unreadable_things_are_one_line(tmp_path: Path) -> None:
    """A device, a circle of links, a name too long: never a hang, never a traceback."""
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for path in (Path("/dev/zero"), tmp_path / "circle", tmp_path / ("x" * 300)):
        assert _complaint(["top", str(path)])


@pytest.mark.parametrize("verb", ["top", "check", "history", "flaky"])
@pytest.mark.parametrize("delay", [0, 0.5])
def test_a_pipe_that_is_given_by_name_is_read(verb: str, delay: float, tmp_path: Path) -> None:
    """Like standard input, whoever comes first: it is waited for until somebody has written and gone."""
    os.mkfifo(tmp_path / "pipe")
    content = line(case("a"), case("b", "failed"))

    def write() -> None:
        time.sleep(delay)
        (tmp_path / "pipe").write_bytes(content)

    (tmp_path / "file").write_bytes(content)
    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    ran = tracetui(verb, tmp_path / "pipe", "--format", "json")
    writer.join(60)
    assert (ran.returncode, ran.stderr) == (0, b"")
    told, expected = (
        json.loads(each.stdout) for each in (ran, tracetui(verb, tmp_path / "file", "--format", "json"))
    )
    assert _without_places(told) == _without_places(expected)


def _without_places(document: dict[str, Any]) -> str:
    return re.sub(r"/(pipe|file)\b", "", json.dumps(document))


def test_a_pipe_in_a_directory_is_not_waited_for(tmp_path: Path) -> None:
    """What is beside it is read; that it is there is said, as of any file that is no trace."""
    os.mkfifo(tmp_path / "x.jsonl")
    assert "x.jsonl: not a file" in _complaint(["check", str(tmp_path)])
    (tmp_path / "a.jsonl").write_bytes(small_run())
    told = json.loads(tracetui("check", tmp_path, "--format", "json").stdout)
    assert {kind["kind"]: kind["count"] for kind in told["kinds"]}["no_trace"] == 1


def test_what_is_forbidden_is_one_line(tmp_path: Path) -> None:
    """A file, a directory, or a file in a directory that may not be read says so, and which it is."""
    for name in ("file.jsonl", "listed/a.jsonl", "closed/a.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(small_run())
    for name in ("file.jsonl", "listed/a.jsonl", "closed"):
        (tmp_path / name).chmod(0)
    for name, told in (("file.jsonl", ""), ("listed", "/a.jsonl"), ("closed", "")):
        complaint = _complaint(["top", str(tmp_path / name)], tracetui_as_user)
        assert f"{tmp_path / name}{told}: permission denied; check its mode and owner" in complaint
    (tmp_path / "closed").chmod(0o700)


def test_a_file_is_not_watched(tmp_path: Path) -> None:
    """`watch` wants a directory and says which command opens a file."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(small_run())
    assert "tracetui open" in _complaint(["watch", str(path)])


def test_hostile_paths_are_shown_literally(tmp_path: Path) -> None:
    """A path with control codes, markup or bytes that are no text appears as text in the error."""
    for name in (b"\x1b[2Jx", b"[/tmp/x]", b"[@click=app.quit]", b"\xff\xfe", "\u202egnp".encode()):
        assert _complaint(["top", os.fsdecode(os.fsencode(tmp_path) + b"/" + name)])


@pytest.mark.parametrize("verb", ["open", "watch"])
def test_without_a_terminal_the_pages_are_printed(verb: str, tmp_path: Path) -> None:
    """`open` and `watch` print the waterfall and the slowest tests and exit, where nobody can look."""
    (tmp_path / "run.jsonl").write_bytes(small_run())
    ran = tracetui(verb, tmp_path)
    assert (ran.returncode, ran.stderr) == (0, b"")
    text = ran.stdout.decode()
    assert "suite depot" in text
    assert "own ▼" in text


def test_what_is_no_trace_never_starts_the_app(tmp_path: Path) -> None:
    """On a terminal too, missing and fruitless paths fail before the screen is taken."""
    (tmp_path / "notes.txt").write_bytes(b"hello\n")
    for path in (tmp_path / "gone", tmp_path / "notes.txt"):
        code, seen = on_a_terminal("open", path)
        assert code == 2
        assert seen.startswith(b"tracetui: ")
        assert b"\x1b" not in seen


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """`| head -1` ends every verb quietly."""
    path = tmp_path / "long.jsonl"
    path.write_bytes(line(*(case(f"t::number_{n}") for n in range(5000))))
    for verb in ("waterfall -n 0", "waterfall --format json", "top -n 0", "top -n 0 --format json"):
        command = f"{sys.executable} -m tracetui {verb} {path} | head -1"
        ran = subprocess.run(
            ["bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}"],
            capture_output=True,
            check=False,
            env=environment(),
        )
        assert (ran.returncode, ran.stderr) == (141, b""), verb
        assert ran.stdout.count(b"\n") == 1


def test_a_full_disk_is_one_line() -> None:
    """Output that cannot be written is a failure of the command: exit code 1."""
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "tracetui", "check", EVERGREEN],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env=environment(),
        )
    assert ran.returncode == 1
    assert ran.stderr.count(b"\n") == 1
    assert ran.stderr.startswith(b"tracetui: the output cannot be written")


def test_closed_output_is_no_error() -> None:
    """With standard output closed there is nobody to read, and nothing to complain of."""
    command = f"{sys.executable} -m tracetui top {EVERGREEN} >&-"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, check=False, env=environment())
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_choices_stand_side_by_side() -> None:
    """A missing option names what it may be, on one line without tabs."""
    complaint = _complaint(["report", "spans"])
    assert (
        "Missing option '--format'. Choose from: html, md, github, junit, ctrf, csv, json (see:" in complaint
    )


def _complaint(arguments: list[str], run: Callable[..., Ran] = tracetui) -> str:
    """The one line that a command ends with, exit code 2; nothing on stdout."""
    ran = run(*arguments)
    assert ran.returncode == 2, ran
    assert ran.stdout == b""
    text = ran.stderr.decode()
    assert text.startswith("tracetui: ")
    assert text.endswith("\n")
    assert text[:-1].isprintable()
    return text
