"""Recordings of runs to compare: thirty tests that take about as long as ever, and others that do not."""

from tests.builders import MS, T0, S, case, id_of, line, span


def recording(number: int, name: str = "s", /, **took: int) -> bytes:
    """A run that began `number` hours after the first: thirty tests that take about as long as ever."""
    at, trace = T0 + number * 3600 * S, f"{number + 1:032x}"
    top = span(
        name,
        {"tracetui.span.role": "suite", "test.suite.name": name},
        start=at,
        end=at + 900 * S,
        trace=trace,
    )
    tests = {
        f"t{place}": (100 + place) * MS + (number * 7919 + place * 104729) % (3 * MS) for place in range(30)
    }
    spans = [
        case(test, start=at + S, end=at + S + ns, trace=trace, parent=top, id=id_of(test, at))
        for test, ns in (tests | took).items()
    ]
    return line(top, *spans)
