"""Runs of one day each."""

from tests.builders import MS, T0, Json, S, case, span

HOUR = 3600 * S


def run(number: int, tests: int = 200) -> list[Json]:
    """One run of a day: a suite and its tests."""
    start, trace = T0 + number * 24 * HOUR, f"{number + 1:032x}"
    suite = span(
        f"suite {number}", {"tracetui.span.role": "suite"}, trace=trace, start=start, end=start + tests * MS
    )
    cases = [
        case(f"t::{each}", trace=trace, start=start + each * MS, end=start + (each + 1) * MS, parent=suite)
        for each in range(tests)
    ]
    return [suite, *cases]
