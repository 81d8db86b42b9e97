"""What a test's span knows of what people wrote by hand: parameters, markers, owners."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tracing.recording import run_pytest, spans_in, with_role, write_suite
from tracetui.tracing.pytest.tests.owners import Owners, pattern_of
from tracetui.tracing.pytest.tests.parameters import as_json, shown


class Unprintable:
    def __repr__(self) -> str:
        raise RuntimeError("no")


def test_parameters_markers_and_owner(tmp_path: Path) -> None:
    """Parameters as JSON, markers by name, owners from CODEOWNERS above the rootdir."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "CODEOWNERS").write_text("* @all\n/part/ @part @two # they know\n")
    suite = """
        import pytest
        pytestmark = pytest.mark.slow
        @pytest.mark.parametrize(("n", "s", "o"), [(1, "a", object)])
        @pytest.mark.db
        @pytest.mark.xdist_group("two")
        @pytest.mark.xdist_group(name="one")
        def test_one(n, s, o): pass
    """
    part = tmp_path / "part"
    part.mkdir()
    write_suite(part, test_facts=suite)
    (part / "pytest.ini").write_text("[pytest]\nmarkers = slow\n    db\n    xdist_group\n")
    result = run_pytest(part, "--tracetui")
    assert result.returncode == 0, result.stdout
    (test,) = with_role(spans_in(part / "spans"), "test")
    assert json.loads(test.attributes["pytest.params"]) == {"n": 1, "s": "a", "o": "<class 'object'>"}
    assert test.attributes["pytest.markers"] == ["xdist_group", "db", "parametrize", "slow"]
    assert test.attributes["pytest.xdist.group"] == "one_two"
    assert test.attributes["tracetui.owner"] == "@part @two"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1),
        (1 << 70, str(1 << 70)),
        (True, True),
        (None, None),
        (1.5, 1.5),
        (float("nan"), "nan"),
        ("text", "text"),
        (b"bytes", "b'bytes'"),
        (Unprintable(), "<Unprintable instance at"),
    ],
)
def test_a_parameter_is_short_and_plain(value: object, expected: object) -> None:
    """Plain values are themselves, others their repr, whatever that does."""
    found = json.loads(as_json({"x": value}))["x"]
    assert found == expected or str(found).startswith(str(expected))


def test_a_long_parameter_is_cut() -> None:
    """Neither a long text nor a deep structure takes more than 200 characters."""
    for value in ("x" * 10_000, list(range(100_000)), {n: [[[[n]]]] for n in range(100)}, 10**1000):
        assert len(shown(value)) <= 200
        assert len(as_json({"x": value})) < 300


@pytest.mark.parametrize(
    ("glob", "matching", "others"),
    [
        ("*", ["a", "a/b.py"], []),
        ("*.py", ["a.py", "x/y/a.py"], ["a.js", "a.pyc"]),
        ("/docs/", ["docs/a", "docs/b/c"], ["x/docs/a", "docs"]),
        ("docs/", ["docs/a", "x/docs/b/c"], ["docs"]),
        ("docs/*", ["docs/a"], ["docs/b/c", "x/docs/a"]),
        ("/a.py", ["a.py"], ["x/a.py"]),
        ("lib/core", ["lib/core", "lib/core/x.py"], ["x/lib/core", "lib/core2"]),
        ("**/logs", ["logs/a", "x/y/logs/a"], ["xlogs/a"]),
        ("a/**/b", ["a/b", "a/x/y/b"], ["ab", "a/xb"]),
        ("x?.py", ["x1.py"], ["x.py", "x/.py"]),
        ("a+b.py", ["a+b.py"], ["aab.py"]),
    ],
)
def test_a_pattern_means_what_git_means(glob: str, matching: list[str], others: list[str]) -> None:
    """Anchored, in any folder, one level deep: as in .gitignore."""
    pattern = pattern_of(glob)
    assert [path for path in matching + others if pattern.match(path)] == matching


def test_what_is_no_rule_names_nobody(tmp_path: Path) -> None:
    """A comment behind a rule, a section with owners and a bracket that never closes cost nothing else."""
    (tmp_path / "CODEOWNERS").write_text("* @all # not @nobody\n[Docs] @x\n^[More][2] @y\na[b @z\n")
    owners = Owners(tmp_path)
    assert [owners.of(tmp_path / name) for name in ("D", "M", "a.py", "a[b")] == ["@all"] * 3 + ["@z"]


def test_the_last_pattern_decides(tmp_path: Path) -> None:
    """Also if it names nobody; section headings and files elsewhere are nobody's business."""
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github/CODEOWNERS").write_text("[Section] @x\n* @all\ngenerated/\nmy\\ file.py @me\n")
    owners = Owners(tmp_path)
    assert owners.of(tmp_path / "a.py") == "@all"
    assert owners.of(tmp_path / "generated/a.py") == ""
    assert owners.of(tmp_path / "my file.py") == "@me"
    assert owners.of(Path("/elsewhere/a.py")) == ""
    assert Owners(tmp_path / ".github" / "none").of(tmp_path / "a.py") in ("@all", "")
