"""What a suite file may say, and what is said of one that says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracetui.tracing.archiver.rules import Rules
from tracetui.tracing.suite.schema import Case, FixtureSpec, Hook, load_suite
from tracetui.tracing.suite.table import SuiteError

DEMO = Path(__file__).parents[3] / "tracetui" / "demo" / "suite.toml"

EVERYTHING = """
name = "smoke"
[selector]
roots = ["t/*.sh", "t/a.sh"]
exclude_files = ["t/slow*"]
[executor]
command = ["sh", "{file}"]
timeout = "1.5m"
cwd = "t"
env = { TZ = "UTC" }
[executor.fixture]
command = "server {port}"
port = 27017
output = "waiting for .*"
timeout = 5
env = { A = "b" }
[[executor.hooks]]
name = "validate"
before_suite = ["true"]
after_test = "hooks:validate"
timeout = "200ms"
[executor.archive]
what = ["tmp_path", "core", "logs/*"]
tests = ["t/a*"]
hooks = false
[[test]]
name = "answers"
command = "curl {port}"
timeout = "1h"
env = { B = "c" }
"""


def write(directory: Path, content: str) -> Path:
    """A suite file beside three test files."""
    (directory / "t").mkdir()
    for name in ("a.sh", "b.sh", "slow.sh"):
        (directory / "t" / name).write_text("")
    path = directory / "suite.toml"
    path.write_text(content)
    return path


def test_everything_is_understood(tmp_path: Path) -> None:
    """Each key of the documentation has its value; a file that two roots match is one test."""
    suite = load_suite(write(tmp_path, EVERYTHING))
    here = tmp_path.resolve()
    assert (suite.name, suite.cwd, suite.env) == ("smoke", here / "t", {"TZ": "UTC"})
    files = [
        Case(f"t/{name}.sh", ("sh", "{file}"), 90.0, {}, here / "t" / f"{name}.sh") for name in ("a", "b")
    ]
    assert suite.cases == [*files, Case("answers", "curl {port}", 3600.0, {"B": "c"})]
    hook = Hook("validate", {"before_suite": ("true",), "after_test": "hooks:validate"}, 0.2)
    assert suite.hooks == [hook]
    assert suite.hooks_at("after_test") == [(hook, "hooks:validate")]
    assert suite.hooks_at("after_suite") == []
    fixture = suite.fixture
    assert fixture is not None
    assert fixture.output is not None
    assert fixture == FixtureSpec("server {port}", 27017, fixture.output, 5.0, {"A": "b"})
    assert suite.archive == Rules(here, ("logs/*",), tmp_path=True, cores=True)
    assert (suite.archived_tests, suite.archived_hooks) == (("t/a*",), ())


def test_little_is_enough(tmp_path: Path) -> None:
    """A test is a suite; it is called as its file."""
    suite = load_suite(write(tmp_path, '[[test]]\nname = "x"\ncommand = "true"'))
    assert (suite.name, [case.name for case in suite.cases]) == ("suite", ["x"])
    assert (suite.fixture, suite.hooks, suite.archive) == (None, [], None)


def test_tests_can_be_repeated(tmp_path: Path) -> None:
    """Round by round, each with a name of its own."""
    content = '[selector]\nroots = ["t/[ab].sh"]\n[executor]\ncommand = "sh {file}"\nrepeat = 2'
    names = [case.name for case in load_suite(write(tmp_path, content)).cases]
    assert names == ["t/a.sh[1]", "t/b.sh[1]", "t/a.sh[2]", "t/b.sh[2]"]


def test_the_demo_and_the_documentation_are_right(tmp_path: Path) -> None:
    """What we show can be run."""
    assert len(load_suite(DEMO).cases) == 3
    import tracetui.tracing.suite as documented

    (tmp_path / "jstests").mkdir()
    (tmp_path / "jstests" / "x.js").write_text("")
    lines = (documented.__doc__ or "").splitlines()
    (tmp_path / "doc.toml").write_text("\n".join(line[4:] for line in lines if line.startswith("    ")))
    suite = load_suite(tmp_path / "doc.toml")
    assert [case.name for case in suite.cases] == [
        "jstests/x.js[1]",
        "answers[1]",
        "jstests/x.js[2]",
        "answers[2]",
    ]


ONE = '[[test]]\nname = "x"\ncommand = "true"\n'

MISTAKES = {
    "nothing": ("", 'the file has no tests: write roots = ["tests/*.sh"] in [selector], or a [[test]]'),
    "no TOML": ("name = ", "Invalid value (at end of document)"),
    "unknown key": (ONE + "comand = 'x'", "[test 1] has no key 'comand': did you mean 'command'?"),
    "unknown table": (
        ONE + "[zzz]",
        "the file has no key 'zzz': write one of selector, executor, name, test",
    ),
    "unknown hook key": (
        ONE + "[[executor.hooks]]\nbefore_test = 'x'\nbefore_all = 'y'",
        "[executor.hooks 1] has no key 'before_all': did you mean 'before_test'?",
    ),
    "idle hook": (
        ONE + "[[executor.hooks]]\nname = 'x'",
        "[executor.hooks 1] does nothing: write one of before_suite, before_test, after_test, after_suite",
    ),
    "wrong type": ("name = 3\n" + ONE, 'name is 3: write a string, like "x"'),
    "table for a list": (
        ONE + "[executor.hooks]\nname = 'x'",
        "executor.hooks is {'name': 'x'}: write tables: [[executor.hooks]]",
    ),
    "list for a table": (ONE + "[[executor]]", "executor is [{}]: write a table: [executor]"),
    "bad duration": (
        ONE + "[executor]\ntimeout = 'soon'",
        'executor.timeout is \'soon\': write a duration, like "90s", "5m" or 1.5',
    ),
    "no duration": (
        ONE + "[executor]\ntimeout = 0",
        'executor.timeout is 0: write a duration, like "90s", "5m" or 1.5',
    ),
    "bad command": (
        ONE + "[executor]\ncommand = []",
        'executor.command is []: write a command, like ["sh", "{file}"] or "make"',
    ),
    "bad repeat": (ONE + "[executor]\nrepeat = 0", "executor.repeat is 0: write a whole number, at least 1"),
    "bad env": (
        ONE + "[executor]\nenv = { A = 1 }",
        "executor.env is {'A': 1}: write a table of strings, like { NAME = \"value\" }",
    ),
    "bad list": (
        ONE + "[selector]\nroots = 't'",
        'selector.roots is \'t\': write a list of strings, like ["a", "b"]',
    ),
    "no command": (
        "[selector]\nroots = ['t/*']",
        '[executor] has no command for the files: write command = ["sh", "{file}"]',
    ),
    "half a test": (
        "[[test]]\nname = 'x'",
        '[test 1] lacks a name or a command: write name = "x" and command = "make x"',
    ),
    "two of a name": (ONE + ONE, "the file has two tests called 'x': give one another name"),
    "no fixture command": (
        ONE + "[executor.fixture]\nport = 1",
        '[executor.fixture] has no command: write command = ["server", "--port", "{port}"]',
    ),
    "bad pattern": (
        ONE + "[executor.fixture]\ncommand = 'x'\noutput = '*'",
        "[executor.fixture] has an output that is not a regular expression: nothing to repeat at position 0",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line_that_says_what_to_write(tmp_path: Path, mistake: str) -> None:
    """The file, the place, what is wrong, and what would be right."""
    content, message = MISTAKES[mistake]
    path = write(tmp_path, content)
    with pytest.raises(SuiteError) as caught:
        load_suite(path)
    assert str(caught.value) == f"{path}: {message}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[selector]\nroots = ['x/*']", "[selector] has a root that matches no file: 'x/*' in"),
        ("[selector]\nroots = ['../*']", "[selector] has the glob '../*': write one relative to"),
        ("[selector]\nroots = ['/etc/*']", "[selector] has the glob '/etc/*': write one relative to"),
        ("[executor]\ncwd = 'nowhere'", "[executor] has a cwd that is not a directory:"),
        (ONE + "[executor.archive]\nwhat = ['/etc']", "'/etc' cannot be archived: write a glob relative to"),
    ],
)
def test_mistakes_about_files_name_them(tmp_path: Path, content: str, message: str) -> None:
    """What was looked for, and where."""
    with pytest.raises(SuiteError) as caught:
        load_suite(write(tmp_path, content))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """In the system's words."""
    with pytest.raises(SuiteError, match=r"no\.toml: no such file or directory"):
        load_suite(tmp_path / "no.toml")
