"""What ran at the same time on other lanes: each border of it."""

import numpy as np

from tests.builders import T0, Json, S, case, line, snapshot, span
from tracetui.analysis.beside.co_running import co_running, names
from tracetui.analysis.study.findings import Findings, study
from tracetui.model.role import Role

LENGTH = 2 * S


def suite(number: int = 0) -> Json:
    """A suite that began `number` hours after the first."""
    at = T0 + number * 3600 * S
    return span("s", {"tracetui.span.role": "suite"}, start=at, end=at + 900 * S, trace=f"{number + 1:032x}")


def below(top: Json, name: str, lane: str, begin: float, end: float, outcome: str = "passed") -> Json:
    at = int(top["startTimeUnixNano"])
    times = {"start": at + round(begin * S), "end": at + round(end * S)}
    return case(name, outcome, lane, parent=top, trace=top["traceId"], **times)


def found(*spans: Json) -> Findings:
    return study(snapshot(line(*spans)), T0)


def beside(findings: Findings, name: str = "t") -> list[set[str]]:
    """For each time that the test ran, the names that ran beside it in its first two seconds."""
    snapshot_ = findings.snapshot
    rows = np.array([row for row in range(len(snapshot_)) if snapshot_.title(row) == name], np.int32)
    place, keys = co_running(findings).beside(rows, LENGTH)
    return [{title for _, title in names(findings, keys[place == number])} for number in range(len(rows))]


def test_what_touches_its_time_on_another_lane() -> None:
    """What ended as it began or begins as its time is up did not run beside it."""
    top = suite()
    told = found(
        top,
        below(top, "t", "gw0", 10, 12),
        below(top, "before", "gw1", 9, 10),
        below(top, "over its start", "gw1", 10, 10.5),
        below(top, "inside", "gw1", 11, 11.5),
        below(top, "over its end", "gw1", 11.9, 12.5),
        below(top, "all of it", "gw2", 1, 20),
        below(top, "after", "gw3", 12, 13),
        below(top, "skipped", "gw3", 11, 12, "skipped"),
        below(top, "same lane", "gw0", 12, 13),
    )
    assert beside(told) == [{"over its start", "inside", "over its end", "all of it"}]


def test_as_long_a_time_whatever_it_took_itself() -> None:
    """One that was short is looked at beyond its end, but for its own lane; a long one not to its end."""
    top = suite()
    told = found(
        top,
        below(top, "t", "gw0", 10, 10.1),
        below(top, "next", "gw0", 10.2, 11),
        below(top, "other", "gw1", 11, 12),
        below(top, "t", "gw0", 30, 60),
        below(top, "late", "gw1", 33, 40),
    )
    assert beside(told) == [{"other"}, set()]


def test_a_long_one_hides_no_short_ones() -> None:
    """Short blocks inside a long one, and hooks inside tests, are there where they ran and nowhere else."""
    top = suite()
    long = below(top, "long", "gw1", 0, 100)
    at = T0 + 10 * S
    hook = span(
        "upload", {"tracetui.span.role": "hook"}, start=at, end=at + S, parent=long, trace=top["traceId"]
    )
    told = found(top, long, hook, below(top, "t", "gw0", 10, 12), below(top, "t", "gw0", 50, 52))
    assert beside(told) == [{"long", "upload"}, {"long"}]


def test_only_of_its_own_run() -> None:
    """Lanes of other runs and of other machines do not meet, though their clocks show the same time."""
    parts = []
    for run, name, lane in (("7", "t", "gw0"), ("8", "far", "gw1")):
        top = suite() | {"traceId": f"{int(run):032x}"}
        resource = {"service.name": "s", "cicd.pipeline.run.id": run}
        parts.append(line(top, below(top, name, lane, 10, 12), resource=resource))
    assert beside(study(snapshot(*parts), T0)) == [set()]
    parts = []
    for host, name, lane in (("a", "t", "gw0"), ("a", "near", "gw1"), ("b", "far", "gw2")):
        top = suite() | {"name": f"s{host}{lane}", "spanId": f"{ord(host):08x}{ord(lane[-1]):08x}"}
        resource = {"service.name": "s", "host.name": host, "cicd.pipeline.run.id": "7"}
        parts.append(line(top, below(top, name, lane, 10, 12), resource=resource))
    assert beside(study(snapshot(*parts), T0)) == [{"near"}]


def test_a_name_once_and_by_role() -> None:
    """Several spans of one name are one company; a hook of the name of a test is another."""
    top = suite()
    hook = span(
        "x", {"tracetui.span.role": "hook", "pytest.xdist.worker": "gw2"}, start=T0 + 10 * S, end=T0 + 11 * S
    )
    told = found(
        top,
        below(top, "t", "gw0", 10, 12),
        below(top, "x", "gw1", 10, 11),
        below(top, "x", "gw1", 11, 12),
        hook | {"parentSpanId": top["spanId"], "traceId": top["traceId"]},
    )
    row = list(map(told.snapshot.title, range(len(told.snapshot)))).index("t")
    _, keys = co_running(told).beside(np.array([row], np.int32), LENGTH)
    assert sorted(names(told, keys)) == [(Role.TEST, "x"), (Role.HOOK, "x")]
