"""Suite files in real pytest runs: what is run, what is reported, what is in the trace."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.processes import is_alive, started
from tests.tracing.archiver.archives import members
from tests.tracing.recording import (
    Record,
    pytest_command,
    pytest_environment,
    run_pytest,
    spans_in,
    with_role,
)

SUITE = """
name = "smoke"
[selector]
roots = ["t/*.sh"]
[executor]
command = ["sh", "{file}"]
env = { COLOUR = "red" }
[executor.fixture]
command = "echo $COLOUR > {fixture_path}/colour; echo up; while :; do sleep 0.1; done"
output = "up"
[[executor.hooks]]
name = "first"
before_suite = "test -s {fixture_path}/colour"
before_test = "hooks:before"
after_suite = "echo over > {suite_dir}/over"
[[executor.hooks]]
name = "second"
after_test = "! test -e {tmp_path}/spoiled"
[[test]]
name = "line"
command = "echo $COLOUR $TRACEPARENT {port} > {tmp_path}/seen; cat {tmp_path}/seen; cat hooks.log; false"
"""

FILES = {
    "t/good.sh": "echo fine",
    "t/bad.sh": "echo evil >&2; exit 7",
    "t/spoils.sh": 'touch "$SPOIL/spoiled"',
    "hooks.py": """
from pathlib import Path
def before(call):
    if call.test == "t/spoils.sh":
        (call.tmp_path / "spoiled").write_text("by a hook")
    with open(call.directory / "hooks.log", "a") as log:
        log.write(f"{call.suite} {call.when} {call.test}\\n")
""",
}


def write(directory: Path, suite: str, files: dict[str, str]) -> None:
    """A suite file with its files, in a project of its own."""
    (directory / "pytest.ini").write_text("[pytest]\n")
    (directory / "suite.toml").write_text(suite)
    for name, content in files.items():
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text(content)


def named(spans: list[Record], name: str) -> Record:
    """The one span of a name."""
    (span,) = [span for span in spans if span.name == name]
    return span


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_a_suite_is_run_and_traced(tmp_path: Path, workers: list[str]) -> None:
    """Outcomes, hooks and fixture: each where it belongs, with the trace handed on to commands."""
    write(tmp_path, SUITE, {**FILES, "t/spoils.sh": "true"})
    result = run_pytest(tmp_path, "suite.toml", "--tracetui", *workers)
    assert result.returncode == 1, result.stdout
    assert "2 failed, 2 passed, 1 error" in result.stdout
    for line in (
        "exit code 7",
        "evil",
        "exit code 1",
        "red 00-",
        "smoke before_test line",
        "hook second after test",
    ):
        assert line in result.stdout
    assert (tmp_path / "over").read_text() == "over\n"
    spans = spans_in(tmp_path / "spans")
    outcomes = {
        span.name.rpartition("::")[2]: span.attributes["pytest.outcome"] for span in with_role(spans, "test")
    }
    assert outcomes == {"t/good.sh": "passed", "t/bad.sh": "failed", "line": "failed", "t/spoils.sh": "error"}
    by_id = {span.id: span for span in spans}
    test = named(spans, "suite.toml::line")
    call = next(span for span in spans if span.parent == test.id and span.name == "call")
    assert f"{test.trace}-{call.id}" in result.stdout
    above = "worker" if workers else "suite"
    for name in ("first before suite", "fixture start", "first after suite", "fixture stop"):
        parents = [by_id[str(span.parent)] for span in with_role(spans, "hook") if span.name == name]
        assert parents
        assert {span.attributes["tracetui.span.role"] for span in parents} == {above}
    scopes = {
        span.name: span.attributes.get("tracetui.fixture.scope")
        for span in with_role(spans, "hook")
        if span.name.split()[0] in ("fixture", "first")
    }
    assert {scopes.pop("fixture start"), scopes.pop("fixture stop")} == {"session"}
    assert set(scopes.values()) == {None}
    hooks = [span for span in with_role(spans, "hook") if span.name == "second after test"]
    assert {by_id[str(span.parent)].name for span in hooks} == {"teardown"}
    assert len(hooks) == 4
    (suite,) = with_role(spans, "suite")
    assert suite.attributes["tracetui.suite.failed_by"] == "hook"
    assert suite.name == "smoke"


@pytest.mark.parametrize(
    ("change", "by", "told"),
    [
        ('command = "exit 3"\n', "fixture", "the fixture has ended by itself: exit code 3"),
        ('command = ["no-such-program"]\n', "fixture", "the fixture cannot be started: no-such-program"),
        ('command = "echo up; sleep 0.5"\noutput = "up"\n', "fixture", "the fixture has ended by itself"),
    ],
)
def test_a_fixture_that_fails_fails_the_suite(tmp_path: Path, change: str, by: str, told: str) -> None:
    """Whether it does not start or does not last: the tests are errors, and the suite says why."""
    suite = f"[executor.fixture]\n{change}"
    for name in "ab":
        suite += f'[[test]]\nname = "{name}"\ncommand = "sleep 1"\n'
    write(tmp_path, suite, {})
    result = run_pytest(tmp_path, "suite.toml", "--tracetui")
    assert result.returncode == 1
    assert told in result.stdout
    (span,) = with_role(spans_in(tmp_path / "spans"), "suite")
    assert span.attributes["tracetui.suite.failed_by"] == by


def test_a_failed_test_is_what_a_suite_fails_by_otherwise(tmp_path: Path) -> None:
    """And tests are chosen by -k and by their id, as any of pytest's."""
    write(tmp_path, SUITE, FILES)
    for choice in (["suite.toml", "-k", "bad"], ["suite.toml::t/bad.sh"]):
        result = run_pytest(tmp_path, *choice, f"--tracetui=spans{len(choice)}")
        assert "1 failed" in result.stdout
        assert "passed" not in result.stdout.splitlines()[-1]
        (span,) = with_role(spans_in(tmp_path / f"spans{len(choice)}"), "suite")
        assert span.attributes["tracetui.suite.failed_by"] == "test"


def test_a_hook_before_the_suite_that_fails_stops_it(tmp_path: Path) -> None:
    """No test is run, the fixture is stopped."""
    suite = """
        [executor.fixture]
        command = "echo $$ > {suite_dir}/pid; echo up; while :; do sleep 0.1; done"
        output = "up"
        [[executor.hooks]]
        name = "check"
        before_suite = "hooks:refuse"
        [[test]]
        name = "never"
        command = "touch {suite_dir}/ran"
    """
    write(tmp_path, suite, {"hooks.py": "def refuse(call):\n    raise ValueError('not today')\n"})
    result = run_pytest(tmp_path, "suite.toml", "--tracetui")
    assert result.returncode == 1
    assert "hook check before suite: ValueError: not today" in result.stdout
    assert 'hooks.py", line 2, in refuse' in result.stdout
    assert not (tmp_path / "ran").exists()
    assert not is_alive(int((tmp_path / "pid").read_text()))


def test_a_suite_says_what_to_archive(tmp_path: Path) -> None:
    """Of tests whose names match, and of tests whose hooks failed, if those are named."""
    suite = """
        [executor.archive]
        what = ["tmp_path", "*.log"]
        tests = ["kept*"]
        hooks = ["loud"]
        [[executor.hooks]]
        name = "quiet"
        after_test = "test {name} != quiet"
        [[executor.hooks]]
        name = "loud"
        after_test = "test {name} != loud"
    """
    for name, code in {"kept": 1, "dropped": 1, "quiet": 0, "loud": 0}.items():
        suite += f'[[test]]\nname = "{name}"\ncommand = "echo {name} > {{tmp_path}}/{name}; exit {code}"\n'
    write(tmp_path, suite, {"server.log": "x"})
    run_pytest(tmp_path, "suite.toml", "--tracetui")
    spans = spans_in(tmp_path / "spans")
    by_id = {span.id: span for span in spans}
    archived = {
        by_id[str(span.parent)].name.rpartition("::")[2]: sorted(
            members(tmp_path / "spans" / span.attributes["tracetui.archive.path"])
        )
        for span in with_role(spans, "archiver")
    }
    assert archived == {
        name: ["MANIFEST.json", "server.log", f"tmp_path/{name}"] for name in ("kept", "loud")
    }


def test_an_interrupted_suite_leaves_no_process(tmp_path: Path) -> None:
    """Ctrl-C ends the test's process group and the fixture's."""
    suite = """
        [executor.fixture]
        command = "echo $$ > {suite_dir}/fixture.pid; echo up; while :; do sleep 0.1; done"
        output = "up"
        [[test]]
        name = "long"
        command = "echo $$ > {suite_dir}/new; mv {suite_dir}/new {suite_dir}/test.pid; sleep 600 & sleep 600"
    """
    write(tmp_path, suite, {})
    with started(
        pytest_command("suite.toml", "--tracetui"),
        cwd=tmp_path,
        env=pytest_environment(),
        stdout=subprocess.DEVNULL,
    ) as process:
        while not (tmp_path / "test.pid").exists():
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 2
    for name in ("fixture", "test"):
        pid = int((tmp_path / f"{name}.pid").read_text())
        while is_alive(pid):  # Killed, and not yet gone; the test's own limit of time is the bound.
            time.sleep(0.02)
    (test,) = with_role(spans_in(tmp_path / "spans"), "test")
    assert test.attributes["pytest.outcome"] == "error"


def test_a_suite_with_a_mistake_runs_nothing(tmp_path: Path) -> None:
    """One line, before any worker starts."""
    write(tmp_path, "[[tests]]", {})
    result = run_pytest(tmp_path, "suite.toml", "--tracetui", "-n", "2")
    assert result.returncode == 4
    wanted = f"ERROR: {tmp_path}/suite.toml: the file has no key 'tests': did you mean 'test'?"
    assert wanted in result.stderr.splitlines()


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_a_suite_is_run_untraced(tmp_path: Path, workers: list[str]) -> None:
    """By plain pytest, or where tracing is turned off: the same outcomes, and no trace."""
    write(tmp_path, SUITE, {**FILES, "t/spoils.sh": "true"})
    for arguments in ([], ["--tracetui", "--no-tracetui"]):
        result = run_pytest(tmp_path, "suite.toml", *arguments, *workers)
        assert "2 failed, 2 passed, 1 error" in result.stdout
        assert "hook second after test" in result.stdout
    assert not list(tmp_path.rglob("*.jsonl"))


def test_a_suite_that_cannot_be_traced_is_run(tmp_path: Path) -> None:
    """Tests are judged as ever where no span can be written; other TOML files are not taken for suites."""
    write(tmp_path, '[[test]]\nname = "x"\ncommand = "false"', {"other.toml": "x = 1"})
    (tmp_path / "blocked").write_text("")
    assert "1 failed" in run_pytest(tmp_path, "suite.toml", "--tracetui=blocked/spans").stdout
    assert "no tests ran" in run_pytest(tmp_path, "--tracetui=spans").stdout
