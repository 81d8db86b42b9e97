"""A recording of processes of which one has a clock that is off."""

from typing import Any

from tests.builders import T0, Json, S, case, line, span


def process(pid: int) -> dict[str, Any]:
    """The resource of a process."""
    return {"service.name": "depot", "host.name": f"host{pid}", "process.pid": pid}


def suite() -> Json:
    """20 s long."""
    told = {"tracetui.span.role": "suite", "test.suite.run.status": "success"}
    return span("suite", told, start=T0, end=T0 + 20 * S)


def worker(name: str, above: Json, offset: int, first: int = 5, last: int = 15) -> list[Json]:
    """A worker and its tests, one a second, by a clock that is so much ahead."""
    told = {"tracetui.span.role": "worker", "pytest.xdist.worker": name}
    begin = T0 + offset
    top = span(name, told, start=begin + first * S, end=begin + last * S, parent=above)
    tests = [
        case(f"{name}::{n}", worker=name, start=begin + n * S, end=begin + (n + 1) * S, parent=top)
        for n in range(first, last)
    ]
    return [top, *tests]


def recording(offset: int, **more: int) -> list[bytes]:
    """A suite, gw0 whose clock is right and gw1 whose clock is `offset` ahead, a process each."""
    top = suite()
    return [
        line(top, resource=process(1)),
        line(*worker("gw0", top, 0), resource=process(2)),
        line(*worker("gw1", top, offset, **more), resource=process(3)),
    ]
