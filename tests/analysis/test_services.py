"""Services: those of a recording that is no test run, numbered in the order in which they came."""

import numpy as np

from tests.builders import MS, T0, Json, case, line, span
from tests.builders import table as stored
from tracetui.analysis.jobs.services import NO_SERVICE, Services, is_test_run, services
from tracetui.store.snapshot import Snapshot


def of(service: str, *spans: Json) -> bytes:
    return line(*spans, resource={"service.name": service} if service else {"host.name": "h"})


def table(*documents: bytes) -> Snapshot:
    return stored(*documents).snapshot()


def shop() -> Snapshot:
    """A request through three services, and a span of none."""
    return table(
        of("frontend", span("GET /cart")),
        of("cart", span("get", start=T0 + 1), span("put", start=T0 + 2)),
        of("", span("cron", start=T0 + 3)),
        of("db", span("select", start=T0 + 4)),
        of("frontend", span("render", start=T0 + 5)),
    )


def found(snapshot: Snapshot) -> Services:
    among = services(snapshot)
    assert among is not None
    return among


def test_numbers() -> None:
    """Each service has the number of its first appearance, whatever names no service has none."""
    snapshot = shop()
    among = found(snapshot)
    assert among.names == ("frontend", "cart", "db")
    by_name = {
        snapshot.name(row): (among.number(snapshot, row), snapshot.service(row))
        for row in range(len(snapshot))
    }
    assert by_name == {
        "GET /cart": (0, "frontend"),
        "get": (1, "cart"),
        "put": (1, "cart"),
        "cron": (NO_SERVICE, ""),
        "select": (2, "db"),
        "render": (0, "frontend"),
    }


def test_shared() -> None:
    """Some rows have a service if it is the same for all of them."""
    snapshot = shop()
    rows = {snapshot.name(row): row for row in range(len(snapshot))}
    shared = [("get", "put"), ("GET /cart", "render"), ("get", "select"), ("cron", "get"), ()]
    assert [
        found(snapshot).shared(snapshot, np.array([rows[name] for name in names], np.int32))
        for names in shared
    ] == [1, 0, NO_SERVICE, NO_SERVICE, NO_SERVICE]


def test_more_services_keep_the_numbers() -> None:
    """What comes later takes the next number."""
    first = [of("b", span("1")), of("a", span("2", start=T0 + MS))]
    assert found(table(*first)).names == ("b", "a")
    assert found(table(*first, of("0", span("3")))).names == ("b", "a", "0")


def test_one_is_none() -> None:
    """Where there is but one, there is nothing to tell apart."""
    assert services(table(of("a", span("1")), of("", span("2")))) is None
    assert services(table()) is None


def test_a_test_run_has_workers_and_no_services() -> None:
    """One span with a role, and it is a test run, whoever else wrote."""
    snapshot = table(of("a", span("1")), of("b", case("test_1")))
    assert is_test_run(snapshot)
    assert services(snapshot) is None
    assert not is_test_run(shop())
