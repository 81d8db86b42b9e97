"""A study on two threads finds what one on a single thread finds, and is made only where that is worth it."""

import threading
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings

from tests.analysis.alike import assert_alike
from tests.analysis.graphs import runs
from tests.budgets import examples
from tests.builders import line, span
from tracetui.analysis.study import findings
from tracetui.analysis.study.findings import ANEW, OnTwoThreads, anew, study
from tracetui.cli import tracetui
from tracetui.model.numbers.both import MANY, in_turn, on_two_threads
from tracetui.store.snapshot import Snapshot

NOW = 50


@settings(max_examples=examples(40))
@given(runs())
def test_two_threads_find_the_same(read: Snapshot) -> None:
    """Also where a cycle of parents is cut on one, while the other still sorts by the parents as written."""
    assert_alike(study(read, NOW, parts=OnTwoThreads()), study(read, NOW))


def test_both_are_under_way_at_the_same_time() -> None:
    """Each waits for the other, and each result stands in its own place."""
    meet = threading.Barrier(2)

    def here() -> tuple[str, int]:
        meet.wait(60)
        return "one", threading.get_ident()

    def there() -> tuple[bytes, int]:
        meet.wait(60)
        return b"other", threading.get_ident()

    (one, mine), (other, its) = on_two_threads(here, there)
    assert (one, other) == ("one", b"other")
    assert mine == threading.get_ident() != its


def test_in_turn_is_one_after_the_other() -> None:
    """On this thread."""
    seen: list[tuple[str, int]] = []
    in_turn(
        lambda: seen.append(("one", threading.get_ident())),
        lambda: seen.append(("other", threading.get_ident())),
    )
    assert seen == [("one", threading.get_ident()), ("other", threading.get_ident())]


@pytest.mark.parametrize("place", [0, 1])
def test_what_goes_wrong_in_either_is_raised(place: int) -> None:
    """And the next two are called all the same."""

    def wrong() -> None:
        raise MemoryError

    both: list[Any] = [int, int]
    both[place] = wrong
    with pytest.raises(MemoryError):
        on_two_threads(*both)
    assert on_two_threads(int, str) == (0, "")


@pytest.mark.parametrize(
    ("spans", "jobs", "is_on_two"), [(MANY, 2, True), (MANY - 1, 2, False), (MANY, 1, False), (MANY, 8, True)]
)
def test_when_there_are_two(spans: int, jobs: int, is_on_two: bool) -> None:
    """From so many spans on, unless one thread has to do all of it."""
    assert (anew(spans, jobs) is not ANEW) is is_on_two


def test_a_command_heeds_jobs(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of `--jobs 1` nothing is handed to another thread; the page is the same."""
    handed: list[int] = []

    def noted(one: Any, other: Any) -> tuple[Any, Any]:
        handed.append(1)
        return in_turn(one, other)

    monkeypatch.setattr(findings, "MANY", 1)
    monkeypatch.setattr(OnTwoThreads, "both", staticmethod(noted))
    (tmp_path / "spans.jsonl").write_bytes(line(span("one"), span("two")))
    pages = {}
    for jobs in ("1", "2"):
        handed.clear()
        result = CliRunner().invoke(tracetui, ["waterfall", "--jobs", jobs, str(tmp_path / "spans.jsonl")])
        assert result.exit_code == 0
        pages[jobs] = (result.output, len(handed))
    assert pages["1"] == (pages["2"][0], 0)
    assert pages["2"][1] == 2
