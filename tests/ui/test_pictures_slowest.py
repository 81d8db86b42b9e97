"""A picture of the ranking in each state."""

from pathlib import Path

from tests.builders import T0, Json, S, case, line, span
from tests.ui.conftest import Picture
from tests.ui.showing import RESMOKE, SIZES, showing

TOOK_MS: dict[str, tuple[int, ...]] = {
    "tests/test_yard.py::test_grows": (100, 120, 140, 150, 160, 170, 180, 190, 410),
    "tests/test_yard.py::test_jumps": (300, 20, 250, 30, 290, 40, 310, 20, 150),
    "tests/test_depot.py::test_steady": (80,) * 9,
    "tests/test_depot.py::test_new": (0,) * 8 + (200,),
}


def nine_runs() -> list[Json]:
    """Nine runs an hour apart: one test grows, one jumps about, one is new, one is run again and again."""
    made: list[Json] = []
    for run in range(9):
        trace, start = f"{run + 1:032x}", T0 + run * 3600 * S
        made.append(span("suite", {"tracetui.span.role": "suite"}, trace=trace, start=start, end=start + S))
        for name, times in TOOK_MS.items():
            if times[run]:
                made.append(case(name, trace=trace, start=start, end=start + times[run] * S // 1000))
        for attempt, outcome in enumerate(("rerun", "rerun", "passed")[2 - run % 3 :]):
            at = start + attempt * S // 10
            name = "tests/test_yard.py::test_flaky"
            made.append(case(name, outcome, trace=trace, start=at, end=at + S // 20))
    return made


async def test_tests(picture: Picture) -> None:
    """The ranking of tests by own time."""
    async with showing(RESMOKE, size=SIZES[0]) as shown:
        await shown.press("4")
        await picture(shown, *SIZES)


async def test_hooks(picture: Picture) -> None:
    """The ranking of hooks, those that are derived from gaps marked so; how their times are spread."""
    async with showing(RESMOKE, size=(120, 24)) as shown:
        await shown.press("4", "b", "b", "b")
        await picture(shown)


async def test_sorted(picture: Picture) -> None:
    """Another column has the arrow, and the rows its order."""
    async with showing(RESMOKE, size=(120, 24)) as shown:
        await shown.press("4", "O", "O", "v", "down")
        await picture(shown)


async def test_narrowed(picture: Picture) -> None:
    """What is typed narrows the rows; how many there are of how many."""
    async with showing(RESMOKE, size=(120, 24)) as shown:
        await shown.press("4", "ampersand", *"index")
        await picture(shown)


async def test_last_runs(picture: Picture, tmp_path: Path) -> None:
    """Of nine runs the newest: what its tests took in the last eight, what grew, what was run again."""
    (tmp_path / "run.jsonl").write_bytes(line(*nine_runs()))
    async with showing(tmp_path, size=(120, 24)) as shown:
        await shown.press("4")
        await picture(shown)
