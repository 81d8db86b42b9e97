"""The code around a failing line: only what ran, and only files that a recording may name."""

import os
from pathlib import Path

import pytest

from tests.builders import T0, S, case, exception, line, log_line, span
from tests.ui.conftest import Picture
from tests.ui.failing import write_failing_run
from tests.ui.hostile import ESCAPES, RAW
from tests.ui.hostile_runs import hostile_failures
from tests.ui.showing import Shown, showing
from tracetui.analysis.failures.causes import Cause
from tracetui.analysis.failures.exceptions import Thrown
from tracetui.analysis.failures.failure_facts import code_at
from tracetui.analysis.failures.place import Place
from tracetui.ui.failures.failure_pane import Beside, FailurePane
from tracetui.ui.failures.source_code import AFTER, BEFORE, LARGEST, code_around, roots

YARD = '''"""The yard."""

from yard.rails import tracks


def test_tracks():
    assert tracks(3) == 4
\tassert tracks(12) == 13


def test_fine():
    assert True
'''


def write(path: Path, text: str, written_ns: int = T0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(written_ns, written_ns))
    return path


def numbered(tmp_path: Path, count: int) -> Path:
    return write(tmp_path / "code.py", "".join(f"line {number}\n" for number in range(1, count + 1)))


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [
        (1, 1, 1 + AFTER),
        (BEFORE + 1, 1, BEFORE + 1 + AFTER),
        (BEFORE + 2, 2, BEFORE + 2 + AFTER),
        (40, 30, 40),
    ],
)
def test_lines_around(tmp_path: Path, at: int, first: int, last: int) -> None:
    """Ten lines before and six after, as far as there are any."""
    numbered(tmp_path, 40)
    found = code_around(Place("code.py", at), "", T0, [tmp_path])
    assert (found.first, found.trouble) == (first, "")
    assert list(found.lines) == [f"line {number}" for number in range(first, last + 1)]


@pytest.mark.parametrize("at", [0, 41])
def test_no_such_line(tmp_path: Path, at: int) -> None:
    """A line that is not there is said."""
    numbered(tmp_path, 40)
    assert (
        code_around(Place("code.py", at), "", T0, [tmp_path]).trouble == f"code.py: has no line {at} any more"
    )


@pytest.mark.parametrize(
    ("recorded", "written_ns", "is_shown"),
    [
        ("line 3", T0 + S, True),
        ("   line 3 ", T0 + S, True),
        ("line 2", T0 - S, False),
        ("", T0, True),
        ("", T0 + 1, False),
    ],
)
def test_what_has_changed(tmp_path: Path, recorded: str, written_ns: int, is_shown: bool) -> None:
    """What the recording says of the line decides; where it says nothing, when the file was written."""
    path = numbered(tmp_path, 5)
    os.utime(path, ns=(written_ns, written_ns))
    found = code_around(Place("code.py", 3), recorded, T0, [tmp_path])
    assert bool(found.lines) == is_shown
    assert found.trouble == ("" if is_shown else "code.py: changed since the run")


def test_files_elsewhere_are_not_read(tmp_path: Path) -> None:
    """Neither by an absolute path, nor by one that climbs, nor through a link."""
    secret, here = write(tmp_path / "secret.py", "secret\n"), tmp_path / "here"
    here.mkdir()
    (here / "link.py").symlink_to(secret)
    for name in (str(secret), "../secret.py", "link.py"):
        found = code_around(Place(name, 1), "", T0, [here])
        assert not found.lines
        assert found.trouble.endswith("secret.py: outside of this directory and that of the recording")
    assert not code_around(Place(str(secret), 1), "", T0, [Path("/")]).lines
    assert code_around(Place(str(secret), 1), "", T0, [tmp_path]).lines == ["secret"]


def test_what_is_no_source_is_not_read(tmp_path: Path) -> None:
    """Pipes, large files and binary ones; a name that is none."""
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large.py").open("wb") as file:
        file.truncate(LARGEST + 1)
    (tmp_path / "bytes.py").write_bytes(b"\xff\xfe\n")
    (tmp_path / "zero.py").write_bytes(b"a\0b\n")
    (tmp_path / "locked.py").mkdir()
    told = {
        name: code_around(Place(name, 1), "", 1 << 62, [tmp_path]).trouble
        for name in ("pipe", "large.py", "bytes.py", "zero.py", "locked.py", "a\0b", "x" * 5000)
    }
    assert told["large.py"].endswith("large.py: too large to show")
    assert told["bytes.py"].endswith("not UTF-8 text")
    assert told["zero.py"].endswith("not UTF-8 text")
    for name in ("pipe", "locked.py", "a\0b", "x" * 5000):
        assert "not on this machine" in told[name]


def test_an_absolute_path_of_another_machine(tmp_path: Path) -> None:
    """Its tail is looked for."""
    write(tmp_path / "tests" / "test_yard.py", YARD)
    found = code_around(
        Place("/home/ci/depot/tests/test_yard.py", 7), "assert tracks(3) == 4", T0, [tmp_path]
    )
    assert found.lines[6] == "    assert tracks(3) == 4"


def test_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the app was started, where the recording lies, and the directory above that."""
    monkeypatch.chdir(tmp_path)
    assert roots("spans/a.jsonl") == [tmp_path, tmp_path / "spans", tmp_path]
    assert roots("/x/y/a.jsonl") == [tmp_path, Path("/x/y"), Path("/x")]


def test_variables() -> None:
    """Those that Python writes below the line that failed; neither code nor marks."""
    stack = (
        'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    g(total)\n    ^^^^^^^^\n'
        "    total = [1, 2]\n    näme = 'x = 3'\n    2x = 4\n"
        '  File "a.py", line 9, in g\n    raise ValueError\nValueError\n'
    )
    cause = Cause(0, (Thrown("ValueError", "", stack, T0, "call"),))
    assert code_at(cause, Place("a.py", 3)) == ("g(total)", ("total = [1, 2]", "näme = 'x = 3'"))
    assert code_at(cause, Place("a.py", 9)) == ("raise ValueError", ())
    assert code_at(cause, Place("b.py", 3)) == ("", ())


def beside(shown: Shown) -> str:
    """The text of the third column."""
    pane = shown.app.screen.query_one(Beside)
    assert pane.display
    left, right = pane.region.x, pane.region.right
    return "\n".join(line[left:right].rstrip() for line in shown.rows(pane))


async def test_beside_the_failure(tmp_path: Path) -> None:
    """Code with the line marked, and what was printed, which then does not stand in the middle."""
    write(tmp_path / "tests" / "test_yard.py", YARD)
    async with showing(write_failing_run(tmp_path), size=(200, 50), mode="failures") as shown:
        await shown.press("down")
        told = beside(shown)
        assert "▶  7      assert tracks(3) == 4" in told
        assert "   6  def test_tracks():" in told
        assert "   8      assert tracks(12) == 13" in told
        assert "Captured stdout  call" in told
        middle = shown.app.screen.query_one(FailurePane)
        rows = [text[middle.region.x : middle.region.right] for text in shown.rows(middle)]
        assert not any("Captured" in text for text in rows)
        await shown.press("slash", *"tracks(12)", "enter")
        assert "tracks(12)" in beside(shown)
        await shown.press("escape", *["right_square_bracket"] * 2)
        assert "jstests/core/abs.js: not on this machine" in " ".join(beside(shown).split())
        assert "Captured output  none" in beside(shown)


async def test_below_180_columns_it_is_as_before(tmp_path: Path) -> None:
    """Two columns, and what was printed in the second; another size, and it is elsewhere."""
    async with showing(write_failing_run(tmp_path), size=(179, 60), mode="failures") as shown:
        await shown.press("down")
        assert not shown.app.screen.query_one(Beside).display
        assert "Captured stdout" in "\n".join(shown.rows(shown.app.screen.query_one(FailurePane)))
        await shown.pilot.resize_terminal(180, 60)
        await shown.still()
        assert "Captured stdout" in beside(shown)
        await shown.pilot.resize_terminal(120, 60)
        await shown.still()
        assert "Captured stdout" in "\n".join(shown.rows(shown.app.screen.query_one(FailurePane)))


async def test_it_says_that_the_code_has_changed(tmp_path: Path) -> None:
    """Other code than that which failed is not shown."""
    write(tmp_path / "tests" / "test_yard.py", "\n" + YARD)
    async with showing(write_failing_run(tmp_path), size=(200, 50), mode="failures") as shown:
        await shown.press("down")
        assert "tests/test_yard.py: changed since the run" in " ".join(beside(shown).split())
        assert "def test_tracks" not in beside(shown)


async def test_foreign_text_beside(tmp_path: Path) -> None:
    """No raw character reaches the screen."""
    path = tmp_path / "run.jsonl"
    path.write_bytes(hostile_failures(ESCAPES))
    async with showing(path, size=(200, 60), mode="failures") as shown:
        for _ in ESCAPES:
            await shown.press("right_square_bracket")
            assert not RAW.intersection(shown.text.replace("\n", ""))
            assert {strip.cell_length for strip in shown.strips} == {200}


async def test_code_beside(picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture: code, local variables and what was printed, beside the failure."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "tests" / "test_yard.py", YARD)
    stack = (
        'Traceback (most recent call last):\n  File "tests/test_yard.py", line 7, in test_tracks\n'
        "    assert tracks(3) == 4\n    number = 3\n    rails = {1: 'a', 2: 'b'}\nValueError: no 3 tracks\n"
    )
    failed = case("tests/test_yard.py::test_tracks", "failed", end=T0 + S) | {
        "events": [exception("ValueError", "no 3 tracks", stacktrace=stack)]
    }
    told = {"tracetui.captured": "stdout", "pytest.when": "call"}
    log = {"traceId": failed["traceId"], "spanId": failed["spanId"], "timeUnixNano": str(T0)}
    log |= {"body": {"stringValue": "counting tracks\nthere are 2"}}
    log |= {"attributes": span("x", told)["attributes"]}
    (tmp_path / "run.jsonl").write_bytes(line(failed) + log_line(log))
    async with showing(tmp_path / "run.jsonl", size=(200, 50), mode="failures") as shown:
        await shown.press("down")
        await picture(shown, (200, 50), (240, 70))
