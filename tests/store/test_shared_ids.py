"""Zipkin's client and server under one id: the server is below the client, in whatever order and files."""

from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import Any

import numpy as np
import pytest

from tests.builders import TRACE, Json, compact, snapshot, table
from tests.store.appending import append
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

US = 1_795_000_000_000_000


def zipkin(id_: str, name: str, kind: str, service: str, parent: str = "", **more: Any) -> Json:
    made = {"traceId": TRACE, "id": id_, "name": name, "kind": kind, "timestamp": US, "duration": 9}
    return (
        made | ({"parentId": parent} if parent else {}) | {"localEndpoint": {"serviceName": service}} | more
    )


def above(read: Snapshot) -> dict[str, str]:
    """By name the name of what is above."""
    return {
        read.name(row): read.name(parent) if parent >= 0 else ""
        for row, parent in enumerate(read.parent_row.tolist())
    }


def in_files(spans: Iterable[Json]) -> Iterator[tuple[bytes, ...]]:
    """All in one file, in one list, and each in a file of its own."""
    lines = tuple(map(compact, spans))
    yield (b"".join(lines),)
    yield (compact(list(spans)),)
    yield lines


CALL = {"root": "", "asks": "root", "answers": "asks", "sql": "answers", "retry": "asks"}


@pytest.mark.parametrize("flag", [{"shared": True}, {}])
def test_halves_of_a_call_under_one_id(flag: Json) -> None:
    """The server's half is below the client's; what each service did is below its own half."""
    made = [
        zipkin("a", "root", "SERVER", "front"),
        zipkin("b", "asks", "CLIENT", "front", "a"),
        zipkin("b", "answers", "SERVER", "back", "a", **flag),
        zipkin("c", "sql", "CLIENT", "back", "b"),
        zipkin("d", "retry", "CLIENT", "front", "b"),
    ]
    ids = set()
    for order in permutations(made):
        for files in in_files(order):
            read = snapshot(*files)
            assert (above(read), read.health.problems, read.orphans) == (CALL, (), 0), files
            ids.add(frozenset((read.name(row), read.span_id_text(row)) for row in range(5)))
    assert len(ids) == 1
    assert len({span_id for _, span_id in next(iter(ids))}) == 5


def test_halves_that_are_looked_at_in_between() -> None:
    """Whatever came before was shown already."""
    made = [
        zipkin("b", "asks", "CLIENT", "front"),
        zipkin("b", "answers", "SERVER", "back", shared=True),
        zipkin("c", "sql", "CLIENT", "back", "b"),
    ]
    for order in permutations(made):
        store = SpanTable()
        for each in order:
            read = append(store, compact(each), store.add_source(each["name"]))
        assert (above(read), read.health.collisions) == ({"asks": "", "answers": "asks", "sql": "answers"}, 0)


def test_halves_that_are_equal_but_for_their_side() -> None:
    """Same name and start: still a client and a server, not one span twice."""
    made = [zipkin("b", "call", "CLIENT", "front"), zipkin("b", "call", "SERVER", "back", shared=True)]
    for order in permutations(made):
        for files in in_files(order):
            read = snapshot(*files)
            assert sorted(read.parent_row.tolist()) in ([-1, 0], [-1, 1])
            assert (len(read), read.health.duplicates, read.health.collisions) == (2, 0, 0)


def test_halves_that_are_read_twice_are_duplicates() -> None:
    made = [zipkin("b", "asks", "CLIENT", "front"), zipkin("b", "answers", "SERVER", "back", shared=True)]
    for order in permutations(made * 2):
        read = snapshot(*map(compact, order))
        assert (above(read), len(read)) == ({"asks": "", "answers": "asks"}, 2)
        assert (read.health.duplicates, read.health.collisions) == (2, 0)


def test_a_servers_half_alone_keeps_its_id() -> None:
    """No client's has come: it is what it says; a service that calls itself works in its server's half."""
    alone = snapshot(compact([zipkin("b", "answers", "SERVER", "back", "a", shared=True)]))
    assert (alone.span_id_text(0), alone.orphans) == ("b".rjust(16, "0"), 1)
    itself = [
        zipkin("b", "asks", "CLIENT", "one"),
        zipkin("b", "answers", "SERVER", "one", shared=True),
        zipkin("c", "work", "CLIENT", "one", "b"),
    ]
    for files in in_files(itself):
        assert above(snapshot(*files)) == {"asks": "", "answers": "asks", "work": "answers"}


def test_halves_come_together_after_a_run_has_left() -> None:
    """Rows were numbered anew in between, and the index was let go."""
    store = table(
        compact(zipkin("f", "old", "SERVER", "back") | {"traceId": "b" * 32}),
        compact(zipkin("b", "answers", "SERVER", "back", shared=True)),
    )
    store.evict(np.array([True, False]), [])
    store.finish()
    read = append(store, compact(zipkin("b", "asks", "CLIENT", "front")), store.add_source("client"))
    assert above(read) == {"asks": "", "answers": "asks"}
