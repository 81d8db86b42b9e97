"""CODEOWNERS: whose tests a file has, by GitHub's rules, and how `ingest` comes by them."""

from pathlib import Path

import pytest

from tests.cli.running import tracetui
from tests.fleet.runs import load, rows, write_run
from tracetui.errors import InputError
from tracetui.fleet.ingest.codeowners import PLACES, Codeowners, codeowners_near, read_codeowners

GITHUB = r"""
# What GitHub's own page shows.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @second
/scripts/ @doctocat @octocat
**/logs @logs
/apps/ @apps
/apps/github
/apps/github/mine @doctocat
"""


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("README.md", "@global-owner1"),
        ("deep/er/x.js", "@js-owner"),
        ("main.go", "docs@example.com"),
        ("a/b.txt", "@octo-org/octocats"),
        ("build/logs/x.txt", "@logs"),
        ("docs/a.md", "@second"),
        ("docs/deep/a.md", "@second"),
        ("lib/apps/x/y", "@octocat"),
        ("apps/x", "@apps"),
        ("apps/github/x", ""),
        ("apps/github/mine/x", "@doctocat"),
        ("scripts/run", "@doctocat"),
        ("deeply/nested/logs/x", "@logs"),
    ],
)
def test_githubs_example(path: str, owner: str) -> None:
    """The last line that matches decides, and one without owners leaves it without; of several the first."""
    assert Codeowners(GITHUB).of(path) == owner


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("*", ["a", "a/b/c"], []),
        ("/*", ["a"], ["a/b"]),
        ("docs/*", ["docs/a"], ["docs/a/b", "x/docs/a"]),
        ("docs/*/", ["docs/a/b"], ["docs/a"]),
        ("docs/*.md", ["docs/a.md"], ["docs/a.mdx", "docs/x/a.md"]),
        ("docs/**", ["docs/a", "docs/a/b"], ["docs", "x/docs/a"]),
        ("docs", ["docs", "docs/a", "x/docs/a/b"], ["docs2/a", "adocs"]),
        ("docs/", ["docs/a", "x/docs/a"], ["docs"]),
        ("/docs", ["docs", "docs/a"], ["x/docs"]),
        ("**/docs/x", ["docs/x", "a/b/docs/x/y"], ["docs/y"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b/z"], ["a/xb", "ab", "x/a/b"]),
        ("a/**/b/**/c.py", ["a/b/c.py", "a/b/b/x/c.py", "a/x/b/y/z/c.py"], ["a/c.py", "a/b/xc.py"]),
        ("**", ["a", "a/b"], []),
        ("test_?.py", ["test_1.py", "x/test_a.py"], ["test_12.py", "test_/.py"]),
        ("te*_*.py", ["test_a.py", "te_.py"], ["test.py", "te/_.py"]),
        ("**.py", ["a.py", "x/a.py"], ["a.pyc"]),
        (r"with\ blank/x", ["with blank/x"], ["with"]),
        (r"a\*b", ["a*b"], ["axb"]),
        ("a.b", ["a.b"], ["axb"]),
        ("Docs/", ["Docs/a"], ["docs/a"]),
    ],
)
def test_patterns(pattern: str, yes: list[str], no: list[str]) -> None:
    """Anchored where there is a slash before their end; a directory's pattern is for all that is in it."""
    owners = Codeowners(f"{pattern} @a")
    assert [path for path in yes if owners.of(path) != "@a"] == []
    assert [path for path in no if owners.of(path)] == []


@pytest.mark.parametrize(
    "line", ["!a @b", "[ab] @b", "a[0-9] @b", r"\#a @b", "a @b nobody", "/ @b", "# a @b", " "]
)
def test_what_github_finds_invalid_is_skipped(line: str) -> None:
    """And nothing else with it."""
    owners = Codeowners(f"* @all\n{line}\n")
    assert {owners.of(path) for path in ("a", "b", "a1", "#a", "[ab]")} == {"@all"}


def test_no_pattern_takes_long() -> None:
    """Many asterisks, and a path that they nearly match: tried in every way, that would never end."""
    hostile = ("*a" * 30 + "b", "**/a/" * 30 + "b", "a*" * 30 + "/**/" + "*a" * 30 + "b")
    for pattern in hostile:
        assert not Codeowners(f"{pattern} @a").of("a" * 2000 + "/" + "a/" * 2000 + "c")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """With a recording in it."""
    (tmp_path / ".git").mkdir()
    write_run(tmp_path / "spans" / "run.jsonl", 1)
    return tmp_path


def owners_of(lake: Path) -> dict[str, set[str]]:
    """By file of a test, whose it is."""
    told: dict[str, set[str]] = {}
    for row in rows(f"lake://{lake}"):
        told.setdefault(row["file"], set()).add(row["owner"])
    return told


@pytest.mark.parametrize("place", PLACES)
def test_tests_are_of_whom_the_repository_says(repository: Path, place: str) -> None:
    """Wherever GitHub looks for it; a suite has no file, and so no owner."""
    (repository / place).parent.mkdir(exist_ok=True)
    (repository / place).write_text("tests/ @all\ntests/test_1.py @one\n")
    load(f"lake://{repository}/lake", repository / "spans")
    expected = {
        "tests/test_0.py": {"@all"},
        "tests/test_1.py": {"@one"},
        "tests/test_2.py": {"@all"},
        "": {""},
    }
    assert owners_of(repository / "lake") == expected


def test_the_first_place_counts(repository: Path) -> None:
    """Of several, as for GitHub; without any, and outside a repository, nobody is known."""
    recording = str(repository / "spans" / "run.jsonl")
    for place in reversed(PLACES):
        (repository / place).parent.mkdir(exist_ok=True)
        (repository / place).write_text(f"* @{place.lower().replace('/', '-')}\n")
    assert codeowners_near(recording).of("x") == "@.github-codeowners"
    assert codeowners_near("/nowhere/at/all").of("x") == ""


def test_what_the_recording_says_stays(repository: Path) -> None:
    """The attribute `tracetui.owner` is nearer to the test."""
    (repository / "CODEOWNERS").write_text("* @all\n")
    path = repository / "spans" / "run.jsonl"
    said = b'{"key":"tracetui.owner","value":{"stringValue":"depot"}}'
    path.write_bytes(
        path.read_bytes().replace(b'"resource":{"attributes":[', b'"resource":{"attributes":[' + said + b",")
    )
    load(f"lake://{repository}/lake", path)
    assert set().union(*owners_of(repository / "lake").values()) == {"depot"}


def test_a_file_can_be_named(repository: Path) -> None:
    """For recordings that lie elsewhere; one that is missing, or too large, is said in a line."""
    named = repository / "OWNERS"
    named.write_text("* @named\n")
    words = ("fleet", "ingest", repository / "spans", "--store", f"lake://{repository}/lake")
    assert tracetui(*words, "--codeowners", named).returncode == 0
    assert owners_of(repository / "lake")["tests/test_0.py"] == {"@named"}
    ran = tracetui(*words, "--codeowners", repository / "none")
    assert (ran.returncode, ran.stdout, b"no such file" in ran.stderr) == (2, b"", True)
    named.write_bytes(b"# long\n" * 500_000)
    with pytest.raises(InputError, match="larger than 3 MB"):
        read_codeowners(named)
