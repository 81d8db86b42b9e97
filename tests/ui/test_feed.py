"""The thread that reads: what it hands over, and when."""

import time
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from tests.benchmarks.spans import lines
from tests.builders import T0, case, line, snapshot, span
from tracetui.analysis.forecasts.checks import Forecast
from tracetui.analysis.study.findings import study
from tracetui.ingest import Ingest
from tracetui.ingest.forecasts import quarter
from tracetui.ingest.forecasts.log import kept
from tracetui.ui.feed import feed as feeding
from tracetui.ui.feed.clock import WALL
from tracetui.ui.feed.feed import Feed
from tracetui.ui.feed.reading import Reading

SPANS = 2_000


def readings(path: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> list[Reading]:
    """All that are handed over where each block gives one."""
    monkeypatch.setattr("tracetui.ingest.reader.BLOCK_BYTES", 100_000)
    monkeypatch.setattr(feeding, "LEAST_PAUSE_S", 0)
    monkeypatch.setattr(feeding, "_TOLD_PAUSE_S", 0)
    monkeypatch.setattr(feeding, "_PAUSES", 0)
    monkeypatch.setattr(feeding, "_MOST_WHILE_BUSY", most)
    monkeypatch.setattr(Feed, "_ends_soon", lambda _: False)
    path.write_bytes(b"".join(lines("tracetui", SPANS, 64)))
    ingest, found = Ingest([str(path)]), list[Reading]()
    vars(ingest)["step"] = partial(ingest.step, 0)
    Feed(ingest, None, WALL, found.append).run()
    ingest.close()
    return found


def test_what_is_shown_grows_while_reading_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reading knows more spans than the one before, and the last knows all."""
    found = readings(tmp_path / "spans.jsonl", monkeypatch, most=SPANS)
    sizes = [len(each.findings.snapshot) for each in found if each.busy]
    assert len(sizes) > 3
    assert all(one < other for one, other in pairwise(sizes))
    assert (len(found[-1].findings.snapshot), found[-1].busy) == (SPANS, False)


def test_of_a_large_recording_comes_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is understood twice; bytes are told while they come; all is there in the end."""
    found = readings(tmp_path / "spans.jsonl", monkeypatch, most=1)
    busy = [each for each in found if each.busy]
    assert len({id(each.findings) for each in busy}) == 1
    assert all(one.read_bytes < other.read_bytes for one, other in pairwise(busy))
    assert len(found[-1].findings.snapshot) == SPANS


def test_what_reading_leaves_goes_back_when_it_was_studied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before: the study would ask for it again."""
    path, did = tmp_path / "spans.jsonl", list[str]()
    path.write_bytes(b"".join(lines("tracetui", 64, 64)))
    monkeypatch.setattr(feeding, "give_back", lambda: did.append("given back"))
    ingest = Ingest([str(path)])
    Feed(ingest, None, WALL, lambda _: did.append("handed over")).run()
    ingest.close()
    assert did[0] == "handed over"
    assert did[-1] == "given back"


@pytest.mark.parametrize(("catching_up_s", "is_busy_between"), [(1000.0, False), (-1.0, True)])
def test_what_came_since_is_one_reading_unless_it_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catching_up_s: float, is_busy_between: bool
) -> None:
    """A run under way is not studied twice because reading took two steps."""
    monkeypatch.setattr("tracetui.ingest.reader.BLOCK_BYTES", 20_000)
    monkeypatch.setattr(feeding, "LEAST_PAUSE_S", 0)
    monkeypatch.setattr(feeding, "_PAUSES", 0)
    monkeypatch.setattr(feeding, "_CATCHING_UP_S", catching_up_s)
    monkeypatch.setattr(Feed, "_ends_soon", lambda _: False)
    path, written = tmp_path / "spans.jsonl", list(lines("tracetui", SPANS, 16))
    path.write_bytes(b"".join(written[:4]))
    ingest, found = Ingest([str(tmp_path)], follow=True), list[Reading]()
    vars(ingest)["step"] = partial(ingest.step, 0)

    def turns(_: Feed) -> Iterator[None]:
        yield
        found.clear()
        with path.open("ab") as file:
            file.write(b"".join(written[4:]))
        yield

    monkeypatch.setattr(Feed, "_turns", turns)
    Feed(ingest, tmp_path, WALL, found.append).run()
    ingest.close()
    assert any(each.busy for each in found) is is_busy_between
    assert (len(found[-1].findings.snapshot), found[-1].busy) == (SPANS, False)


@pytest.mark.parametrize(("stale_s", "readings_made"), [(1000.0, 1), (-1000.0, 2)])
def test_a_run_under_way_is_studied_again_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stale_s: float, readings_made: int
) -> None:
    """Nothing but time goes by: that it stalls is seen all the same."""
    monkeypatch.setattr(feeding, "_STALE_S", stale_s)
    monkeypatch.setattr(feeding, "LEAST_PAUSE_S", 0)
    monkeypatch.setattr(feeding, "_PAUSES", 0)
    monkeypatch.setattr(Feed, "_turns", lambda _: iter((None, None)))
    (tmp_path / "spans.jsonl").write_bytes(line(span("depot", start=time.time_ns(), end=0)))
    ingest, found = Ingest([str(tmp_path)], follow=True), list[Reading]()
    Feed(ingest, tmp_path, WALL, found.append).run()
    ingest.close()
    assert [each.findings.summary.state for each in found] == ["live"] * readings_made


def test_never_more_than_all(tmp_path: Path) -> None:
    """What is written while it is read counts as read only together with the whole."""
    path = tmp_path / "spans.jsonl"
    path.write_bytes(b"".join(lines("tracetui", 64, 64)))
    ingest, found = Ingest([str(path)]), list[Reading]()
    swept = ingest.sweep

    def sweep() -> None:
        swept()
        with path.open("ab") as file:
            file.write(b"".join(lines("tracetui", 64, 64)))

    vars(ingest)["sweep"] = sweep
    Feed(ingest, None, WALL, found.append).run()
    ingest.close()
    assert all(each.read_bytes <= each.total_bytes for each in found)
    assert found[-1].is_newest()


@pytest.mark.parametrize(("sweeps", "seen"), [(1e12, 2), (0.0, 3)])
def test_of_many_files_not_all_are_looked_at_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sweeps: float, seen: int
) -> None:
    """What is told to have come is read at once, whatever a look at everything took; all else later."""
    monkeypatch.setattr(feeding, "_SWEEPS", sweeps)
    monkeypatch.setattr(feeding, "LEAST_PAUSE_S", 0)
    monkeypatch.setattr(feeding, "_PAUSES", 0)
    first, told, other = (tmp_path / f"{name}.jsonl" for name in ("first", "told", "other"))

    def turns(_: Feed) -> Iterator[frozenset[str] | None]:
        yield None
        for path in (told, other):
            path.write_bytes(line(span(path.stem)))
        yield frozenset([str(told)])
        yield None

    monkeypatch.setattr(Feed, "_turns", turns)
    first.write_bytes(line(span("first")))
    ingest, found = Ingest([str(tmp_path)], follow=True), list[Reading]()
    Feed(ingest, tmp_path, WALL, found.append).run()
    ingest.close()
    assert [len(each.findings.snapshot) for each in found] == [1, 2, 3][:seen]


@pytest.mark.parametrize("follows", [True, False])
def test_what_is_said_of_a_watched_run_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, follows: bool
) -> None:
    """As soon as there is something to say; of a recording that is opened nothing is."""
    forecast = Forecast("eta", 5, "depot", 2, 40, 30, 50, start_ns=1)
    monkeypatch.setattr(
        quarter, "at_a_quarter", lambda findings: forecast if len(findings.snapshot) else None
    )
    (tmp_path / ".gitignore").write_text("*\n")
    (tmp_path / "spans.jsonl").write_bytes(line(span("a")))
    ingest = Ingest([str(tmp_path)], follow=follows)
    feed = Feed(ingest, tmp_path if follows else None, WALL, lambda _: feed.stop())
    feed.run()
    ingest.close()
    assert kept([str(tmp_path)]) == ([forecast] if follows else [])


def test_a_reading_is_named_in_a_few_words() -> None:
    """Textual spells out whatever is handed to a worker, with every question: all spans would be."""
    findings = study(snapshot(line(case("named"))), T0)
    assert len(repr(Reading(findings, 0, 0, busy=False))) < 100
