"""Arrangements grow to what they are anew, and in ordinary events nothing is arranged anew."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from tests.analysis import simulated
from tests.analysis.alike import compare
from tests.analysis.forests import Batches, processes
from tests.benchmarks.live_run import LiveRun, fill
from tests.budgets import examples
from tests.builders import MS, T0, Json, S, case, line, span, start_record
from tracetui.analysis.history import slow
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.study.study import Study
from tracetui.analysis.tree.sibling_order import Order
from tracetui.analysis.waterfall import arrangement_growth
from tracetui.analysis.waterfall.arrangement import Arrangement, View, arrange
from tracetui.analysis.waterfall.arrangement_growth import Arranging
from tracetui.analysis.waterfall.sibling_groups import Grouper, Grouping
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.ingest import Ingest
from tracetui.store.table import SpanTable

pytestmark = pytest.mark.usefixtures("shared_pages")

SOURCES = 3


class Both:
    """Arranges revision after revision, both from the last one and anew, which is the same."""

    def __init__(self) -> None:
        self._grown, self._grouper = Arranging(), Grouper()

    def check(self, findings: Findings, view: View, *, settled: bool = True) -> Arrangement:
        one = self._grown(findings, view, settled=settled)
        other = arrange(findings, view, self._grouper, settled=settled)
        for name in Arrangement.__struct_fields__:
            if name not in ("findings", "view"):
                compare(_told(getattr(one, name)), _told(getattr(other, name)), name)
        return one


def _told(part: Any) -> Any:
    """Without the findings that both share."""
    names = ("snapshot", "times")
    if hasattr(part, "snapshot"):
        return {name: value for name, value in asdict(part).items() if name not in names}
    return part


class Store:
    """A store of several sources, and the study of it."""

    def __init__(self) -> None:
        self.table, self._study = SpanTable(), Study()
        for number in range(SOURCES):
            self.table.add_source(f"source{number}")

    def add(self, records: Sequence[tuple[int, bytes]]) -> None:
        for source, record in records:
            reader = OtlpJson()
            reader.feed(record)
            self.table.append(source, reader.take())

    def findings(self, now_ns: int) -> Findings:
        return self._study(self.table.snapshot(), now_ns)


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of how many spans all was arranged anew, each time that it was."""
    made: list[int] = []

    def counted(findings: Findings, *args: Any, **more: Any) -> Arrangement:
        made.append(len(findings.snapshot))
        return arrange(findings, *args, **more)

    monkeypatch.setattr(arrangement_growth, "arrange", counted)
    return made


@st.composite
def views(draw: st.DrawFn) -> tuple[View, bool]:
    """What a reader may want, and whether rows are left out."""
    nodes = st.integers(0, 9)
    view = View(
        grouping=draw(st.sampled_from((*Grouping, Grouping.ALWAYS, Grouping.ALWAYS))),
        depth=draw(st.sampled_from((None, None, 0, 1, 2))),
        children=draw(st.lists(st.tuples(st.integers(-1, 9), st.booleans()), max_size=2)),
        chosen=draw(st.dictionaries(nodes, st.booleans(), max_size=3)),
        order=draw(st.sampled_from((*Order, Order.TIME, Order.TIME))),
    )
    return view, draw(st.booleans())


def kept(count: int, seed: int) -> np.ndarray:
    """Most rows; whether an earlier one is left out may change."""
    found = np.random.default_rng(seed // 3).random(max(count, 1)) < 0.9
    if seed % 3 == 0 and count:
        found[seed % count] = not found[seed % count]
    return found[:count]


def check_all(
    store: Store, batches: Batches, views_: Sequence[tuple[View, bool]], moments: Sequence[int], least: int
) -> None:
    """After each batch, now and then in another view."""
    both, now = Both(), T0 + 130 * S
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slow, "MOST", 2)
        patch.setattr(slow, "SPARE", 1)
        patch.setattr(slow, "FACTOR", 1)
        for grouping in (Grouping.AUTO, Grouping.ALWAYS):
            patch.setattr(grouping, "_value_", least + (grouping is Grouping.AUTO))
        for place, (batch, moment) in enumerate(zip([[], *batches], moments, strict=False)):
            store.add(batch)
            if moment == 7:
                store.table.set_gone(range(SOURCES))
            now += moment % 3 * S
            findings = store.findings(now)
            view, leaves_out = views_[0 if place % 4 else place % len(views_)]
            if leaves_out:
                view = replace(view, kept=kept(len(findings.snapshot), place))
            known = {node: fold for node, fold in view.chosen.items() if node < len(findings.snapshot)}
            children = [(node, fold) for node, fold in view.children if node < len(findings.snapshot)]
            view = replace(view, chosen=known, children=children)
            both.check(findings, view, settled=moment != 6)


MOMENTS = st.lists(st.integers(0, 7), min_size=10, max_size=10)


@settings(max_examples=examples(10))
@given(processes(odd=()), st.lists(views(), min_size=1, max_size=2), MOMENTS, st.integers(1, 3))
def test_arrangements_of_anything_grow_to_what_they_are_anew(
    batches: Batches, wanted: list[tuple[View, bool]], moments: list[int], least: int
) -> None:
    """Whatever arrives in whatever order, however the reader looks at it."""
    check_all(Store(), batches, wanted, moments, least)


@settings(max_examples=examples(10))
@given(simulated.runs(), st.lists(views(), min_size=1, max_size=2), MOMENTS, st.integers(1, 3))
def test_arrangements_of_runs_grow_to_what_they_are_anew(
    batches: list[list[simulated.Record]],
    wanted: list[tuple[View, bool]],
    moments: list[int],
    least: int,
) -> None:
    """Workers with their tests and hooks, mostly in order."""
    told = [[(record.source, record.data) for record in batch] for batch in batches]
    check_all(Store(), told, wanted, moments, least)


@st.composite
def siblings(draw: st.DrawFn) -> Batches:
    """Many tests of a few patterns, some with phases, below two workers, mostly in order."""
    top = span("top", {"tracetui.span.role": "suite"}, start=T0, end=0)
    lanes = [span(f"worker {n}", {"tracetui.span.role": "worker"}, end=0, parent=top) for n in range(2)]
    made: list[list[bytes]] = [[start_record(each) for each in (top, *lanes)]]
    for number in range(draw(st.integers(4, 30))):
        start = T0 + draw(st.integers(0, 9)) * S
        test = case(
            f"{draw(st.sampled_from('aab'))}/{number}.js",
            draw(st.sampled_from(("passed", "passed", "passed", "failed", "skipped"))),
            start=start,
            end=start + draw(st.integers(1, 5)) * S,
            parent=lanes[draw(st.sampled_from((0, 0, 0, 1)))],
            id=f"{number + 100:016x}",
        )
        inside = [
            span(f"s{n}", {"tracetui.span.role": "phase"}, start=start, end=start + S, parent=test)
            for n in range(draw(st.sampled_from((0, 0, 1, 3))))
        ]
        records = [line(each) for each in (*inside, test)]
        made.append([start_record(test)] if draw(st.integers(0, 3)) == 0 else [])
        made[draw(st.sampled_from((-1, -1, -1, -2)))] += records
        if draw(st.integers(0, 9)) == 0:
            made[-1] = [record for record in made[-1] if draw(st.booleans())]
    cuts = sorted(draw(st.lists(st.integers(1, len(made)), max_size=9)))
    order = [[(0, record) for record in batch] for batch in made]
    return [list(chain(*order[begin:end])) for begin, end in pairwise([0, *cuts, len(order)])]


@settings(max_examples=examples(10))
@given(siblings(), views(), MOMENTS, st.integers(1, 3))
def test_arrangements_of_siblings_grow_to_what_they_are_anew(
    batches: Batches, wanted: tuple[View, bool], moments: list[int], least: int
) -> None:
    """Groups get members, and lose some."""
    check_all(Store(), batches, [wanted], moments, least)


def readings(run: LiveRun, directory: Path, count: int, *, tests: int = 15) -> Iterator[Findings]:
    """A live run of which 1,500 tests have ended, each time with a few more of them."""
    step = S // 20
    fill(run, 6000, T0, T0 + 1500 * step)
    ingest, grow = Ingest([str(directory)], follow=True), Study()
    try:
        for reading in range(count):
            ingest.sweep()
            while ingest.step():
                pass
            now = T0 + (1501 + tests * reading) * step
            yield grow(ingest.table.snapshot(), now)
            for number in range(tests):
                run.step(now + number * step)
            run.beat()
    finally:
        ingest.close()
        run.close()


@pytest.mark.parametrize("depth", [None, 1, 3])
def test_an_arrangement_of_a_live_run_only_grows(tmp_path: Path, anew: list[int], depth: int | None) -> None:
    """Tests that end and begin, their phases, heartbeats, folds: what has come is all that is looked at."""
    both, folds = Both(), Folding()
    for findings in readings(LiveRun(tmp_path, start_ns=T0), tmp_path, 30):
        arranged = both.check(findings, View(depth=depth, chosen=folds()))
    assert len(arranged.work.rows) > 1500
    assert len(anew) == 1


class Folding:
    """A reader who folds and unfolds."""

    def __init__(self) -> None:
        self._at = 0

    def __call__(self) -> Mapping[int, bool]:
        self._at += 1
        return {node: bool(self._at % 3) for node in range(self._at % 7)}


def test_rows_that_are_left_out_stay_so(tmp_path: Path, anew: list[int]) -> None:
    """A filter leaves out most tests, and what comes is matched or not."""
    both = Both()
    for findings in readings(LiveRun(tmp_path, start_ns=T0), tmp_path, 10):
        left = np.random.default_rng(5).random(100_000)[: len(findings.snapshot)] < 0.3
        both.check(findings, View(kept=left | (findings.tree.depth < 2)))
    assert len(anew) == 1


def hundreds(first: int, count: int, top: Json) -> bytes:
    """Tests of one pattern, one after the other."""
    return line(
        *(
            case(f"a/{n}.js", start=T0 + n * MS, end=T0 + (n + 1) * MS, parent=top, id=f"{n + 9:016x}")
            for n in range(first, first + count)
        )
    )


@pytest.mark.parametrize("grouping", [Grouping.AUTO, Grouping.ALWAYS])
def test_a_group_gets_members_without_being_made_anew(anew: list[int], grouping: Grouping) -> None:
    """However many there are: its sums, and all behind it, follow."""
    top = span("top", {"tracetui.span.role": "suite"}, end=0)
    store, both = Store(), Both()
    store.add(
        [(0, start_record(top)), (0, hundreds(0, 200, top)), (0, line(span("after", start=T0 + 9 * S)))]
    )
    for more in range(20):
        arranged = both.check(store.findings(T0 + 10 * S), View(grouping=grouping))
        assert len(arranged.group(-2).rows) == 200 + 7 * more
        assert arranged.tree.size[-2] == 201 + 7 * more
        store.add([(0, hundreds(200 + 7 * more, 7, top))])
    assert len(anew) == 1


def test_a_group_keeps_members_that_ran_or_are_told_again(anew: list[int]) -> None:
    """A test that has ended comes to the others; of one that is among them something else is known."""
    top = span("top", {"tracetui.span.role": "suite"}, end=0)
    store, both = Store(), Both()
    store.add([(0, start_record(top)), (0, hundreds(0, 200, top))])
    both.check(store.findings(T0 + 10 * S), View())
    end = T0 + 201 * MS
    last = case("a/200.js", start=end - MS, end=end, parent=top, id=f"{209:016x}")
    for record, members in (
        (start_record({**last, "endTimeUnixNano": "0"}), 200),
        (line(last), 201),
        (line({**last, "endTimeUnixNano": str(end + 1)}), 201),
    ):
        store.add([(0, record)])
        arranged = both.check(store.findings(T0 + 10 * S), View())
        assert len(arranged.group(-2).rows) == members
    assert len(anew) == 1


@pytest.mark.parametrize("grouping", [Grouping.AUTO, Grouping.NEVER])
def test_many_that_come_to_those_that_were_shown_make_no_group(anew: list[int], grouping: Grouping) -> None:
    """However many they are; and nothing is arranged anew."""
    top = span("top", {"tracetui.span.role": "suite"}, end=0)
    store, both = Store(), Both()
    store.add([(0, start_record(top)), (0, hundreds(0, 10, top))])
    for more in range(5):
        arranged = both.check(store.findings(T0 + 10 * S), View(grouping=grouping))
        assert not arranged.groups.bounds
        store.add([(0, hundreds(10 + 80 * more, 80, top))])
    assert len(anew) == 1
