"""What README and the pages of documentation promise is what there is."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import EVERGREEN, answer, on_a_terminal
from tests.cli.running import tracetui as run
from tracetui.cli import tracetui
from tracetui.cli.fleet import COMMANDS as FLEET
from tracetui.cli.help import DOCS
from tracetui.report.drawing.style import MARKS
from tracetui.ui.keys.keys import HELP

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
PAGES = {page.stem: page.read_text() for page in sorted(DOCS.glob("*.md"))}
ALL = "\n".join((README, *PAGES.values()))
"""All that is promised to users."""
MOST_LINES = 300
NOT_ALONE = (
    r"tracetui (watch|open|serve|demo|run|exec|receive|send|prune|"
    r"what-if|compare|confirm|beside|history|flaky)"
)
"""What needs a terminal, another recording or a revision, or changes what is there."""


@pytest.mark.parametrize(
    "verb", ["waterfall", "top", "lanes", "check", "ledger", "plan --workers 2", "advise"]
)
def test_the_schemas_are_those_of_the_verbs(verb: str) -> None:
    """Each key that README gives for a verb's JSON is printed, and no other."""
    verb, *options = verb.split()
    (promised,) = re.findall(rf'{{"schema": "tracetui.{verb}/1".*?\n(?={{|```)', ALL, re.DOTALL)
    found = answer(verb, EVERGREEN, *options)
    keys = [*found, *(found["rows"][0] if "rows" in found else ("file", "offset", "reason"))]
    assert re.findall(r'"([a-z0-9_]+)"(?=[:,}\n])(?!/)', promised.replace('"test"', "")) == keys


@pytest.mark.parametrize("verb", sorted({*tracetui.commands, *(f"fleet {verb}" for verb in FLEET)}))
def test_every_option_is_documented(verb: str) -> None:
    """Some page names every option that a command's help does, and help names a page."""
    text = run(*verb.split(), "--help").stdout.decode()
    options = set(re.findall(r"(?<!\w)(--?[a-z]+(?:-[a-z]+)*)\b", text)) - {"-h", "--help", "--no-ascii"}
    assert {option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", ALL)} == set()
    assert verb in ("help", "completion") or set(re.findall(r"More: tracetui help (\w+)", text)) <= set(PAGES)
    assert verb in ("help", "completion") or "More: tracetui help" in text


IN_CI = re.compile(r"^\s*(?:- (.*)|sh '(?:venv/bin/)?(.*)')$")
"""What stands before a command in the files of GitLab and Jenkins."""


def commands() -> Iterator[str]:
    """Those that stand in blocks by themselves."""
    is_block = False
    for line in ALL.splitlines():
        is_block ^= line.startswith("```")
        command = IN_CI.sub(r"\1\2", line.partition("#")[0]).strip().removeprefix("$ ")
        if is_block and command.startswith("tracetui ") and "[" not in command and "..." not in command:
            yield command


RUN = sorted(
    {each for each in commands() if re.search(r" spans( |$)", each) and not re.search(NOT_ALONE, each)}
)


@pytest.mark.parametrize("command", RUN)
def test_the_commands_run(command: str, tmp_path: Path) -> None:
    """Each as it stands there, on a recording of that name; a gate may say what it finds."""
    (tmp_path / "spans").symlink_to(EVERGREEN)
    words = shlex.split(command)[1:]
    ran = run(*words, cwd=tmp_path)
    assert ran.returncode in ((0, 3, 4) if words[0] == "gate" else (0,)), (command, ran.stderr)
    assert not ran.stdout if "-o" in words else ran.stdout
    assert "-o" not in words or (tmp_path / words[words.index("-o") + 1]).is_file()


def test_there_are_commands_to_run() -> None:
    """Of every verb that needs no second recording and no terminal."""
    verbs = {shlex.split(command)[1] for command in RUN}
    assert {"top", "waterfall", "lanes", "ledger", "gate", "report", "export", "advise"} <= verbs


def test_readme_is_short_and_names_every_page() -> None:
    """What there is to know stands on pages, one a subject."""
    assert len(README.splitlines()) < MOST_LINES
    assert set(re.findall(r"\(tracetui/docs/(\w+)\.md\)", README)) == set(PAGES)


def test_links_lead_somewhere() -> None:
    """From page to page, and to their headings."""
    for subject, page in {**PAGES, "": README}.items():
        for file, heading in re.findall(r"\]\(([\w/]*\.md)?(?:#([\w-]+))?\)", page):
            text = page if not file else (DOCS / file if subject else ROOT / file).read_text()
            anchors = {
                re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in HEADINGS.findall(text)
            }
            assert not heading or heading in anchors, (subject, file, heading)


HEADINGS = re.compile(r"^#+ (.*)$", re.MULTILINE)


def test_help_shows_the_pages() -> None:
    """A list, one page as it is where nobody looks, and drawn on a terminal."""
    listed = run("help").stdout.decode()
    assert all(re.search(rf"^{subject} ", listed, re.MULTILINE) for subject in PAGES)
    assert run("help", "filters").stdout.decode() == PAGES["filters"]
    code, shown = on_a_terminal("help", "filters", PAGER="cat")
    assert code == 0
    assert b"`" not in shown.replace(b"```", b"")
    assert b"A bare word matches a part of a name" in shown
    ran = run("help", "filter")
    assert (ran.returncode, b"no page on filter (did you mean filters?)" in ran.stderr) == (2, True)


def test_every_mark_is_in_the_readme() -> None:
    """Some page explains each mark of an outcome."""
    assert {mark for mark in MARKS.values() if f"`{mark}`" not in ALL} <= {" "}


def test_every_action_is_in_the_readme() -> None:
    """A page lists each id that a keymap can name, and no other."""
    rows = re.findall(r"^\| `(\w+)` \| (`\w+`(?: `\w+`)*) \|$", ALL, re.MULTILINE)
    listed = [f"{group}.{name}" for group, names in rows for name in re.findall(r"\w+", names)]
    assert sorted(listed) == sorted({key.id for _, keys in HELP for key in keys if key.keys})


def test_ci_runs_the_very_test_command_of_the_readme() -> None:
    """There is one test command in README, and `.ci/run` looks for it there."""
    pattern = r"\.venv/bin/python -m pytest.*"
    assert len(re.findall(pattern, README)) == 1
    assert pattern in (ROOT / ".ci" / "run").read_text()
