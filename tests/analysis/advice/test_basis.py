"""What advice depends on stays while nothing comes to its run, so that a simulation need not be repeated."""

from tests.builders import T0, TRACE, S, case, line, snapshot, span, table
from tracetui.analysis.advice.advice import basis
from tracetui.analysis.study.findings import study
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.store.snapshot import Snapshot

LATER = T0 + 60 * S


def run(name: str, tests: int, start: int = T0) -> bytes:
    """An ended run of so many tests, a second each."""
    suite = span(name, {"tracetui.span.role": "suite"}, start=start, end=start + tests * S, status=1)
    times = [(start + n * S, start + (n + 1) * S) for n in range(tests)]
    return line(
        suite,
        *(
            case(f"{name}.py::test_{n}", worker="gw0", start=begin, end=end, parent=suite)
            for n, (begin, end) in enumerate(times)
        ),
    )


def of_first(seen: Snapshot, at: int = LATER) -> bytes:
    """That of the run that came first."""
    return basis(study(seen, at, int(seen.key[0])))


def test_it_stays_while_other_runs_come_and_time_goes_by() -> None:
    """Neither is anything that the run did."""
    spans, decoder = table(run("depot", 3)), OtlpJson()
    before = of_first(spans.snapshot())
    decoder.feed(run("yard", 2, T0 + 30 * S).replace(TRACE.encode(), b"b" * 32))
    spans.append(spans.add_source("yard"), decoder.take(), 1)
    after = spans.snapshot()
    assert len(study(after, LATER).runs) == 2
    assert of_first(after) == of_first(after, at=LATER + S) == before


def test_another_test_or_time_makes_it_another() -> None:
    """Each is simulated."""
    longer = run("depot", 3).replace(str(T0 + 3 * S).encode(), str(T0 + 4 * S).encode())
    assert len({of_first(snapshot(each)) for each in (run("depot", 3), run("depot", 4), longer)}) == 3
