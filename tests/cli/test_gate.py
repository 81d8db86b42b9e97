"""`tracetui gate` from the command line: exit codes, settings, the list of allowances."""

import json
from pathlib import Path

import pytest

from tests.builders import T0, S, case, line, span
from tests.cli.running import tracetui

HOUR = 3600 * S


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Six runs of two tests; in the last one `t` took three seconds and not one."""
    spans = tmp_path / "spans"
    spans.mkdir()
    for number in range(6):
        at, trace = T0 + number * HOUR, f"{number + 1:032x}"
        suite = span("s", {"tracetui.span.role": "suite"}, start=at, end=at + 9 * S, trace=trace)
        took = 3 * S if number == 5 else S
        tests = [
            case("t", start=at, end=at + took, parent=suite, trace=trace),
            case("u", start=at + took, end=at + took + S, parent=suite, trace=trace),
        ]
        (spans / f"run{number}.jsonl").write_bytes(line(suite, *tests))
    return tmp_path


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--max-test", "3s"], 0),
        (["--max-test", "2.9s"], 3),
        (["--max-regression", "10%"], 3),
        (["--max-regression", "100%"], 0),
        (["--run", "6", "--max-regression", "10%"], 4),
        (["--run", "6", "--max-regression", "10%", "--max-test", "1ms"], 3),
        (["--fail-on", "failed,flaky,cut-off,lost,incomplete"], 0),
    ],
)
def test_exit_codes(directory: Path, options: list[str], code: int) -> None:
    """0 where all holds, 3 where a rule is broken, 4 where nobody can say; page and JSON agree."""
    ran = tracetui("gate", directory / "spans", *options)
    assert (ran.returncode, ran.stderr) == (code, b"")
    ran = tracetui("gate", directory / "spans", *options, "--format", "json")
    assert ran.returncode == code
    assert b'"exit_code": %d' % code in ran.stdout


def test_every_rule_is_printed(directory: Path) -> None:
    """Passed ones too, with value, limit and n."""
    page = tracetui("gate", directory / "spans", "--max-test", "5s", "--max-suite", "9s").stdout.decode()
    assert "gate passed" in page
    assert "✓ max-test   3.00s  5.00s  longest own time, 2 tests" in page
    assert "✓ max-suite  9.00s  9.00s  length of the run, 1 run" in page


def test_json(directory: Path) -> None:
    """The same as values."""
    ran = tracetui("gate", directory / "spans", "--max-regression", "10%", "--format", "json")
    found = json.loads(ran.stdout)
    (row,) = found["rows"]
    assert found["verdict"] == row["verdict"] == "breach"
    assert (row["rule"], row["unit"], row["limit"], row["n"]) == ("max-regression", "ratio", 0.1, 5)
    assert row["value"] == pytest.approx(1.0)
    assert [offender["name"] for offender in row["offenders"]] == ["t"]


def test_rules_of_the_project(directory: Path) -> None:
    """Settings have the rules; the command line is stronger, and a file of its own between them."""
    project = '[tool.tracetui.gates]\nmax-test = "2s"\nfail-on = ["lost"]\nmax-regression = "200%"\n'
    (directory / "pyproject.toml").write_text(project)
    assert tracetui("gate", "spans", cwd=directory).returncode == 3
    assert tracetui("gate", "spans", "--max-test", "4s", cwd=directory).returncode == 0
    (directory / "gates.toml").write_text('max-test = "4s"\n')
    assert tracetui("gate", "spans", "--config", "gates.toml", cwd=directory).returncode == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "gate: no rule; give one, such as --max-test 5s"),
        (["--max-test", "5"], "expected a duration such as 10m"),
        (["--max-regression", "0.1"], "expected a share such as 10%"),
        (["--fail-on", "red"], "expected some of failed, flaky, cut-off, lost, incomplete"),
        (["--max-test", "5s", "--config", "no.toml"], "no.toml: no such file"),
        (["--max-test", "5s", "--allow", "no.toml"], "no.toml: no such file or directory"),
        (["--max-test", "5s", "--start", "slow"], "--start needs --allow FILE"),
    ],
)
def test_wrong_use(directory: Path, options: list[str], said: str) -> None:
    """One line, exit code 2: never taken for a gate that passed or broke."""
    ran = tracetui("gate", directory / "spans", *options)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert said in ran.stderr.decode()
    assert ran.stderr.count(b"\n") == 1


def test_unknown_rules_of_the_project(directory: Path) -> None:
    """With the file, and what may have been meant."""
    (directory / "pyproject.toml").write_text('[tool.tracetui.gates]\nmax-tests = "2s"\n')
    ran = tracetui("gate", "spans", cwd=directory)
    assert ran.returncode == 2
    assert "gates: unknown rule max-tests (did you mean max-test?)" in ran.stderr.decode()


def test_the_list_of_allowances_only_shrinks(directory: Path) -> None:
    """It begins with what is over the limit today; what is fixed is said, and goes."""
    file = directory / "allow.toml"
    options = ("gate", directory / "spans", "--max-test", "2s", "--allow", file)
    assert tracetui(*options, "--start", "before the index").returncode == 0
    assert '"t" = { limit = "3300ms", reason = "before the index"' in file.read_text()
    assert tracetui(*options, "--start", "again").returncode == 2
    page = tracetui(*options).stdout.decode()
    assert "t  3.00s  allowed up to 3.30s since" in page
    fixed = ("gate", directory / "spans", "--run", "2", "--max-test", "2s", "--allow", file)
    assert "1 allowance no longer needed" in tracetui(*fixed).stdout.decode()
    assert tracetui(*fixed, "--shrink").returncode == 0
    assert '"t"' not in file.read_text()
    assert tracetui(*options).returncode == 3


def test_a_baseline_elsewhere(directory: Path) -> None:
    """Its runs are what the run is held against."""
    one = directory / "one"
    one.mkdir()
    (directory / "spans" / "run5.jsonl").rename(one / "run5.jsonl")
    options = ("gate", one, "--max-regression", "10%")
    assert tracetui(*options).returncode == 4
    assert tracetui(*options, "--baseline", directory / "spans").returncode == 3


def test_one_is_one(tmp_path: Path) -> None:
    """Of a single test or span the page speaks in the singular."""
    (tmp_path / "x.jsonl").write_bytes(line(case("only")))
    page = tracetui(
        "gate", tmp_path, "--max-test", "1h", "--fail-on", "failed,lost,incomplete"
    ).stdout.decode()
    assert " 1 test " in page
    assert " 1 span " in page
    assert " 1 tests" not in page
    assert " 1 spans" not in page
