"""A run as Markdown, within GitHub's limits, and as tickets that nobody files twice."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.builders import T0, S, case, line, span, write_small_run
from tests.report.markdown.digests import digest_of, hostile_run
from tracetui.report.markdown.digest import Digest
from tracetui.report.markdown.github import MOST_ANNOTATIONS, MOST_BYTES, annotations, within_limit
from tracetui.report.markdown.summary import summary
from tracetui.report.markdown.tickets import mark_of, tickets


def test_what_a_summary_says(tmp_path: Path) -> None:
    """Verdict first, then failures with why, the slowest, where time went."""
    told, _ = digest_of(write_small_run(tmp_path / "spans"))
    text = "\n".join(lines_of(told))
    headings = re.findall(r"^#+ (\w+)", text.replace("✗ ", ""), re.MULTILINE)
    assert headings[1:4] == ["Failed", "Slowest", "Where"]
    assert text.index("1 of 11 tests failed, 1 never ended") < text.index("### Failed: 2")
    assert "AssertionError" in text


def lines_of(told: Digest) -> list[str]:
    """The summary, line by line."""
    return "\n".join(summary(told)).split("\n")


def prose(lines: Iterable[str]) -> list[str]:
    """The lines outside of blocks of code, none of which is left open."""
    outside, fence = [], ""
    for row in lines:
        mark = row.strip()
        if not fence and mark.startswith("```"):
            fence = mark
        elif fence and mark == fence:
            fence = ""
        elif not fence:
            outside.append(row)
    assert not fence
    return outside


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    """Outside of code, nothing of theirs is a tag, a table's cell or a heading."""
    told, _ = digest_of(hostile_run(tmp_path))
    outside = [
        re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", re.sub(r"\\.", "", row)) for row in prose(lines_of(told))
    ]
    tags = set(re.findall(r"<[^>]*>", "\n".join(outside)))
    assert tags <= {"<br>", "<details>", "</details>", "<summary>", "</summary>"}
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", "\n".join(lines_of(told)))
    assert sum(row.startswith("#") for row in outside) <= 6


@pytest.mark.parametrize("most", [400, 2000, 6000])
def test_a_summary_ends_before_the_limit(tmp_path: Path, most: int) -> None:
    """Whatever it holds, with what says so, and with nothing left open."""
    told, _ = digest_of(hostile_run(tmp_path))
    text = within_limit(summary(told), most)
    assert len(text.encode()) <= most
    assert text.endswith("GitHub takes no more._\n")
    outside = "\n".join(prose(text.splitlines()))
    assert outside.count("<details>") == outside.count("</details>")


def test_a_short_summary_is_whole() -> None:
    """Up to the last byte."""
    assert within_limit(["a", "b"]) == "a\nb\n"
    assert MOST_BYTES <= 1000 * 1024


def test_annotations_are_the_costliest_failures(tmp_path: Path) -> None:
    """Ten at most, the longest first, each one line of one command."""
    suite = span("s", {"tracetui.span.role": "suite"}, start=T0, end=T0 + 900 * S)
    tests = [
        case(f"t{number}", "failed", start=T0 + number * S, end=T0 + number * S + number, parent=suite)
        for number in range(1, 15)
    ]
    (tmp_path / "run.jsonl").write_bytes(line(suite, *tests))
    told, _ = digest_of(tmp_path / "run.jsonl")
    lines = list(annotations(told))
    assert len(lines) == MOST_ANNOTATIONS
    assert [re.findall(r"title=(t\d+)", row)[0] for row in lines] == [f"t{n}" for n in range(14, 4, -1)]


def test_annotations_of_hostile_names(tmp_path: Path) -> None:
    """None of them begins a command of its own, or ends a property."""
    told, _ = digest_of(hostile_run(tmp_path))
    for row in annotations(told):
        assert "\n" not in row
        assert "\r" not in row
        properties = row.removeprefix("::error ").partition("::")[0]
        assert re.fullmatch(r"(file=[^,:]*,)?(line=\d+,)?title=[^,:]*", properties)


def test_tickets_have_one_mark_in_every_run(tmp_path: Path) -> None:
    """The same test of the same suite is the same ticket, whatever it took; another test is another."""
    marks = []
    for number in range(2):
        path = tmp_path / f"run{number}"
        told, span_of = digest_of(write_small_run(path))
        made = list(tickets(told, span_of))
        assert all(ticket.lines[-1].endswith(f"{ticket.mark} -->") for ticket in made)
        marks.append([ticket.mark for ticket in made])
    assert marks[0] == marks[1]
    assert len(set(marks[0])) == len(marks[0]) > 3
    assert mark_of("slow", "core", "t") != mark_of("failed", "core", "t") != mark_of("failed", "core", "u")
    assert mark_of("slow", "core", "jstests/core/a.js") == "5ab36c760c540fcf"


def test_tickets_of_hostile_names(tmp_path: Path) -> None:
    """Their files are called by their marks, and what closes a comment is no part of one."""
    told, span_of = digest_of(hostile_run(tmp_path))
    for ticket in tickets(told, span_of):
        assert re.fullmatch(r"(failed|slow)-[0-9a-f]{16}\.md", ticket.name)
        assert re.fullmatch(r"<!-- tracetui:\w+:[0-9a-f]{16} -->", ticket.lines[-1])
