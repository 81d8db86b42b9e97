"""Spans that are each other's parents, twice there, or nowhere: as an independent, slow reader sees them."""

import random
from collections import Counter
from collections.abc import Iterable

import pytest

from tests.budgets import examples
from tests.builders import T0, Json, line, span
from tracetui.analysis.study.findings import Findings, study
from tracetui.analysis.waterfall.arrangement import View, arrange
from tracetui.analysis.waterfall.sibling_groups import Grouper
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.model.batch import SpanBatch
from tracetui.model.columns import Facts
from tracetui.model.role import Outcome, Role, StatusCode
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

TRACES = ("a" * 32, "b" * 32)
IDS = tuple(f"{number:016x}" for number in range(1, 7))
Identity = tuple[str, str, str, int]
GRAPHS = examples(400)


def random_spans(luck: random.Random) -> list[Json]:
    """Up to 14 spans with few ids: cycles, self-parents, collisions, duplicates and orphans are the rule."""
    made = [
        span(
            luck.choice("xyz"),
            id=luck.choice(IDS),
            trace=luck.choice(TRACES),
            parent=luck.choice(("", "f" * 16, *IDS)),
            start=T0 + (start := luck.randint(0, 9)),
            end=T0 + start + luck.randint(0, 9),
        )
        for _ in range(luck.randint(0, 10))
    ]
    # Which of two parents is right where two records differ in nothing else, nobody can say.
    made = list({(identity(each), each["endTimeUnixNano"]): each for each in made}.values())
    made += luck.sample(made, min(len(made), luck.randint(0, 4)))
    luck.shuffle(made)
    return made


def identity(made: Json) -> Identity:
    return made["traceId"], made["spanId"], made["name"], int(made["startTimeUnixNano"])


class Oracle:
    """The tree by sets and loops over every pair, from the spans as they were written."""

    def __init__(self, spans: Iterable[Json]) -> None:
        records: dict[Identity, list[Json]] = {}
        for made in spans:
            records.setdefault(identity(made), []).append(made)
        self.spans = {who: max(told, key=_knowledge) for who, told in records.items()}
        self.duplicates = sum(len(told) - 1 for told in records.values())
        self.collisions = len(records) - len({who[:2] for who in records})
        self.parents = {who: self._parent(who) for who in self.spans}
        self.orphans = sum(
            bool(made.get("parentSpanId")) and self.parents[who] is None for who, made in self.spans.items()
        )
        self.cycles = self._cut()

    def _parent(self, who: Identity) -> Identity | None:
        child = self.spans[who]
        named = (who[0], child.get("parentSpanId"))
        candidates = sorted(
            (each for each in self.spans if each[:2] == named), key=lambda each: (each[3], each[2])
        )
        return max(candidates, key=lambda each: (self._fit(each, who), candidates.index(each)), default=None)

    def _fit(self, parent: Identity, child: Identity) -> int:
        ends = [int(self.spans[who]["endTimeUnixNano"]) for who in (parent, child)]
        return 4 * (parent != child) + 2 * (parent[3] <= child[3]) + (ends[1] <= ends[0])

    def _cut(self) -> int:
        cycles = 0
        for who in sorted(self.spans):
            seen = [who]
            while (above := self.parents[seen[-1]]) is not None and above not in seen:
                seen.append(above)
            if above is not None:
                circle = seen[seen.index(above) :]
                self.parents[min(circle, key=lambda each: (each[3], int(each[1], 16), each[2]))] = None
                cycles += 1
        return cycles


def _knowledge(made: Json) -> tuple[int, str]:
    return int(made["endTimeUnixNano"]), made.get("parentSpanId", "")


def read(spans: Iterable[Json], luck: random.Random) -> Findings:
    """A store that got the spans in batches of any length, from several sources."""
    store = SpanTable()
    reader = OtlpJson()
    source = store.add_source("x")
    for made in spans:
        reader.feed(line(made))
        if luck.random() < 0.5:
            source = luck.choice((source, store.add_source("y")))
            store.append(source, reader.take())
            store.snapshot()
    store.append(source, reader.take())
    return study(store.snapshot(), T0)


def who(snapshot: Snapshot, row: int) -> Identity:
    return snapshot.trace_id(row), snapshot.span_id_text(row), snapshot.name(row), int(snapshot.start_ns[row])


def test_random_graphs_are_as_the_slow_reader_sees_them() -> None:
    """Every span once, its parent, and the numbers of duplicates, collisions, orphans and cycles."""
    for seed in range(GRAPHS):
        luck = random.Random(seed)
        spans = random_spans(luck)
        oracle, found = Oracle(spans), read(spans, luck)
        snapshot, tree = found.written, found.tree
        rows = [who(snapshot, row) for row in range(len(snapshot))]
        assert Counter(rows) == Counter(oracle.spans.keys()), seed
        assert sorted(tree.order.tolist()) == list(range(len(rows))), seed
        above = {rows[row]: rows[up] if up >= 0 else None for row, up in enumerate(tree.parent.tolist())}
        assert tree.cycles == oracle.cycles, seed
        assert snapshot.orphans == oracle.orphans, seed
        assert (snapshot.health.duplicates, snapshot.health.collisions) == (
            oracle.duplicates,
            oracle.collisions,
        ), seed
        if not oracle.cycles:
            assert above == oracle.parents, seed


def chain(count: int, *, wide: bool) -> SpanBatch:
    """A test run of `count` spans below each other, or all below the first."""
    numbers = range(1, count + 1)
    return SpanBatch(
        trace_id=[TRACES[0]] * count,
        span_id=[f"{number:016x}" for number in numbers],
        parent_span_id=["", *(f"{1 if wide else number:016x}" for number in range(1, count))],
        name=["span"] * count,
        start_ns=[T0 + number for number in numbers],
        end_ns=[T0 + 3 * count - number for number in numbers],
        status=[StatusCode.UNSET] * count,
        facts=[
            Facts(role, Outcome.PASSED, "span", "", own=False)
            for role in (Role.SUITE, *[Role.TEST] * (count - 1))
        ],
        resource=[b""] * count,
        scope=[b""] * count,
        offset=list(range(count)),
        length=[1] * count,
        cpu=[0] * count,
        place=[0] * count,
    )


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("count", [100_000, pytest.param(1_000_000, marks=pytest.mark.nightly)])
def test_deep_and_wide_trees_need_no_recursion(count: int, wide: bool) -> None:
    """A chain, or a root with all others below it: every span once, at its depth, arranged and ranked."""
    store = SpanTable()
    store.append(store.add_source("x"), chain(count, wide=wide))
    found = study(store.snapshot(), T0)
    found.rank()
    arranged = arrange(found, View(), Grouper(), settled=True)
    assert found.tree.depth[found.tree.order[-1]] == (1 if wide else count - 1)
    assert int(found.tree.size[0]) == count
    assert len(found.tree.ancestors(int(found.tree.order[-1]))) == (1 if wide else count - 1)
    assert len(arranged.outline) >= 1
