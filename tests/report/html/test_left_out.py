"""A page stays below its limit whatever a run holds, and says what it leaves out."""

from pathlib import Path

import pytest

from tests.builders import MS, T0, S, case, exception, line, span
from tests.report.html.pages import contents_of, require_harmless
from tracetui.report.html import slowest
from tracetui.report.html.document import MOST_BYTES, document
from tracetui.report.html.timeline import lane_bars

WORST = "\u200b" * 400
"""Each of these becomes eight bytes."""


def test_more_tests_than_anybody_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest are bars, the others areas; the table has the slowest; both are counted."""
    monkeypatch.setattr(lane_bars, "MOST_BARS", 60)
    monkeypatch.setattr(slowest, "MOST_ROWS", 40)
    parsed = require_harmless("".join(document(contents_of(many_tests(tmp_path, 61)))))
    assert "60 of 61 blocks" in parsed.text["timeline"]
    assert "21 faster tests left out" in parsed.text["slowest"]
    assert len(parsed.all("tr", "slowest")) == 40 + 1
    assert parsed.having("area", "timeline")
    parsed = require_harmless("".join(document(contents_of(many_tests(tmp_path, 60)))))
    assert "Bars: what failed" not in parsed.text["timeline"]
    assert not parsed.having("area", "timeline")


def many_tests(directory: Path, count: int) -> Path:
    """On four workers, one after the other."""
    suite = span("depot", {"tracetui.span.role": "suite"}, end=T0 + 40 * S)
    tests = []
    for number in range(count):
        start = T0 + number // 4 * 40 * MS
        took = (5 + number % 30) * MS
        name = f"a.py::test_{number}"
        tests.append(case(name, worker=f"gw{number % 4}", start=start, end=start + took, parent=suite))
    path = directory / f"{count}.jsonl"
    path.write_bytes(line(suite, *tests))
    return path


def test_the_worst_there_may_be(tmp_path: Path) -> None:
    """Names, messages, stacks and output of nothing but what takes most bytes."""
    suite = span("depot", {"tracetui.span.role": "suite"}, end=T0 + 900 * S)
    tests = []
    for number in range(600):
        at = T0 + number // 8 * S
        told = exception(WORST, WORST * 8, at=at, stacktrace=f'  File "{WORST}", line 3, in {WORST}\n' * 40)
        events = [told | {"timeUnixNano": str(at + each)} for each in range(3)] if number < 40 else []
        name = f"{number}{WORST}"
        made = case(
            name, "failed", f"gw{number % 16}{WORST}", start=at, end=at + S, parent=suite, message=WORST
        )
        tests.append(made | {"events": events})
    (tmp_path / "a.jsonl").write_bytes(line(suite, *tests))
    page = "".join(document(contents_of(tmp_path)))
    parsed = require_harmless(page)
    assert len(page.encode()) < MOST_BYTES
    for section in ("timeline", "slowest", "failures"):
        assert "left out" in parsed.text[section]
