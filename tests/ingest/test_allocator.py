"""What is not used goes back to the system while something comes, and seldom while nothing does."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.builders import case, line
from tracetui.ingest import Ingest, load
from tracetui.ingest.memory import allocator


def test_seldom_while_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a second while each look finds more, then once more, then every ten seconds."""
    now, given_back = 100.0, []
    monkeypatch.setattr(allocator, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(allocator, "give_back", lambda: given_back.append(now))
    forgotten: list[float] = []
    returns = allocator.Returns(lambda: forgotten.append(now))
    for tick in range(1, 50):
        now = 100.0 + tick / 2
        returns(min(tick, 5))
    assert given_back == [101, 102, 103, 113, 123]
    assert forgotten == [100.5]


@pytest.mark.parametrize(("spans", "times"), [(1_000_000, 0), (3_000_000, 1)])
def test_what_few_spans_leave_is_kept_for_the_study(
    spans: int, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be asked for again at once; of many spans it goes back."""
    given_back: list[None] = []
    monkeypatch.setattr(allocator, "give_back", lambda: given_back.append(None))
    allocator.give_back_much(spans)
    assert len(given_back) == times


def test_a_command_reads_arrays_into_memory_that_it_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends soon; what goes on asks the system for each, and gives it back."""
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(allocator, "_call", lambda *what: asked.append(what))
    (tmp_path / "spans.jsonl").write_bytes(line(case("a test")))
    Ingest([str(tmp_path)]).close()
    before = list(asked)
    load([str(tmp_path)]).close()
    assert ("mallopt", -4, 0) not in before
    assert ("mallopt", -4, 0) in asked
