"""Stack traces as frames, whoever wrote them."""

from hypothesis import given
from hypothesis import strategies as st

from tracetui.analysis.failures.stack import MOST_LINES, Frame, first_own_frame, parse_stack, without_message

PYTHON = """Traceback (most recent call last):
  File "tests/test_yard.py", line 7, in test_tracks
    load(3)
    ~~~~^^^
  File "/v/lib/python3.11/json/__init__.py", line 346, in loads
    return decode(s)
ValueError: no

During handling of the above exception, another exception occurred:

  | File "tests/test_yard.py", line 9, in f
KeyError: 'x'
"""


def test_python() -> None:
    """Python's frames have the lines of code below them; the rest is text."""
    parts = parse_stack(PYTHON)
    assert parts[0] == "Traceback (most recent call last):"
    assert parts[1] == Frame("tests/test_yard.py", 7, "test_tracks", ("    load(3)", "    ~~~~^^^"))
    assert [part.is_library for part in parts if isinstance(part, Frame)] == [False, True, False]
    assert parts[3] == "ValueError: no"
    assert first_own_frame(parts) == Frame("tests/test_yard.py", 9, "f")


def test_javascript() -> None:
    """V8 and SpiderMonkey write the innermost frame first."""
    v8 = parse_stack(
        "Error: no\n    at check (node:internal/a:1:2)\n"
        "    at async run (/w/a.test.js:12:5)\n    at /w/b.js:3:1"
    )
    assert v8[1:] == (
        Frame("node:internal/a", 1, "check"),
        Frame("/w/a.test.js", 12, "async run"),
        Frame("/w/b.js", 3, ""),
    )
    assert first_own_frame(v8) == v8[2]
    shell = parse_stack("doassert@src/mongo/shell/assert.js:18:14\n@jstests/core/abs.js:7:1\n")
    assert first_own_frame(shell) == Frame("jstests/core/abs.js", 7, "")


def test_pytest() -> None:
    """What pytest writes in short is a frame too."""
    parts = parse_stack("tests/test_x.py:12: AssertionError\nE   assert 1 == 2\n12:30: noon")
    assert parts == (Frame("tests/test_x.py", 12, "AssertionError"), "E   assert 1 == 2", "12:30: noon")


def test_only_libraries() -> None:
    """Where there is no own frame, that of the test's file is; where there is none at all, none."""
    parts = parse_stack(
        'File "/v/site-packages/a.py", line 1, in a\nFile "/v/site-packages/b.py", line 2, in b'
    )
    assert first_own_frame(parts) is None
    assert first_own_frame(parts, "/v/site-packages/a.py") == Frame("/v/site-packages/a.py", 1, "a")
    assert first_own_frame(parse_stack("no trace")) is None


@given(st.text(st.sampled_from(' |@:()./aAtFileline",1\n'), max_size=60))
def test_any_text(text: str) -> None:
    """Whatever the text, no line gets lost."""
    parts = parse_stack(text)
    lines = sum(1 + len(part.code) if isinstance(part, Frame) else 1 for part in parts)
    assert lines == len(text.splitlines())


def test_long() -> None:
    """Megabytes are cut, and looked at in no time to speak of."""
    assert len(parse_stack("x\n" * 10**5)) == MOST_LINES
    assert len(parse_stack("at " + "(a:" * 10**5)) == 1


def test_machinery_is_library() -> None:
    """Frames of the runner and of our own tracing are no reader's, wherever they are installed."""
    for path in ("/src/tracetui/tracing/pytest/plugin.py", "/x/_pytest/runner.py", "/x/pluggy/_callers.py"):
        assert Frame(path, 1, "f").is_library
    assert not Frame("/home/me/tracetui/tests/test_x.py", 1, "f").is_library


def test_without_message() -> None:
    """A message that was shown is not shown again below the stack; any other end stays."""
    assert without_message("a\nValueError: one\ntwo\n", "one\ntwo") == "a\nValueError:"
    assert without_message("a\nValueError: one", "two") == "a\nValueError: one"
    assert without_message("a", "") == "a"
