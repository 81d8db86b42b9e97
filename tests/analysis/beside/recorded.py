"""Recorded runs in which a test runs beside others."""

from collections.abc import Sequence

from tests.builders import T0, Json, S, case, line, span


def run(number: int, outcome: str, names: Sequence[str], revision: str = "", job: str = "") -> bytes:
    """The test `t` on one lane, and others at the same time on another."""
    at, trace = T0 + number * 3600 * S, f"{number + 1:032x}"
    top = span("s", {"tracetui.span.role": "suite"}, start=at, end=at + 60 * S, trace=trace)

    def test(name: str, lane: str, went: str = "passed", begin: int = 0) -> Json:
        times = {"start": at + begin * S, "end": at + (begin + 2) * S}
        return case(name, went, lane, parent=top, trace=trace, **times)

    told = {"service.name": "s", "vcs.ref.head.revision": revision, "cicd.pipeline.task.name": job}
    others = [test(name, f"gw{place}") for place, name in enumerate(names, 1)]
    resource = {key: value for key, value in told.items() if value}
    return line(top, test("t", "gw0", outcome), *others, resource=resource)


def runs(outcome: str, count: int, names: Sequence[str], first: int = 0, **more: str) -> list[bytes]:
    return [run(first + number, outcome, names, **more) for number in range(count)]
