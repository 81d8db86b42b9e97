"""What if under keys and mouse."""

from pathlib import Path

import pytest

from tests.builders import MS, T0, Json, S, case, line, span
from tests.ui.conftest import Picture
from tests.ui.showing import RESMOKE, Shown, Size, showing
from tracetui.ui.what_if.rows import KnobRows

SUITE = span(
    "yard",
    {"tracetui.span.role": "suite", "test.suite.name": "yard", "pytest.outcome": "passed"},
    end=T0 + 20 * S,
)


def fixture(start: int) -> Json:
    """A set-up of a module fixture that takes a second."""
    told = {"tracetui.span.role": "hook", "tracetui.fixture.scope": "module", "pytest.xdist.worker": "gw0"}
    return span("db setup", told, start=start, end=start + S, parent=SUITE)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """Four files of three tests on one worker, each file with a fixture that takes a second; 16 s."""
    made, now = [SUITE], T0
    for number in range(12):
        took = S if number % 3 else 2 * S
        if not number % 3:
            made.append(fixture(now))
        test = case(
            f"test_{number // 3}.py::test_{number % 3}", worker="gw0", start=now, end=now + took, parent=SUITE
        )
        test["attributes"] += span("", {"tracetui.cpu_ns": 5 * MS, "tracetui.test.index": number})[
            "attributes"
        ]
        made.append(test)
        now += took
    (tmp_path / "run.traces.jsonl").write_bytes(line(*made))
    return tmp_path


def rows(shown: Shown) -> list[str]:
    """The rows under the cursor's reach."""
    return [row for row in shown.rows(shown.app.screen.query_one(KnobRows)) if row.strip()]


def predicted(shown: Shown) -> str:
    """The line of the prediction."""
    return shown.lines[shown.line_of("predicted ")]


async def test_more_workers_and_back(recorded: Path) -> None:
    """Plus and minus turn the slider from anywhere, arrows under the cursor; 0 is as it was recorded."""
    async with showing(recorded) as shown:
        await shown.press("7")
        assert "1 worker, one process" in predicted(shown)
        assert "16.0s" in shown.text
        await shown.press("plus")
        assert "2 workers" in predicted(shown)
        assert "less (" in shown.text
        await shown.press("right", "right")
        assert "4 workers" in predicted(shown)
        await shown.press("left", "minus")
        assert "2 workers" in predicted(shown)
        await shown.press("0")
        assert "1 worker, one process" in predicted(shown)
        await shown.press("minus", "minus")
        assert "◂ 1 ▸" in rows(shown)[0]


async def test_another_way_to_hand_out_tests(recorded: Path) -> None:
    """By key, or on its row."""
    async with showing(recorded) as shown:
        await shown.press("7", "b")
        assert "--dist load" in predicted(shown)
        await shown.press("down", "right")
        assert "--dist worksteal" in predicted(shown)
        await shown.press("B")
        assert "--dist load " in rows(shown)[1]


async def test_a_change_says_what_it_saves_and_is_turned_on(recorded: Path) -> None:
    """A fixture of each file set up once saves three of four seconds."""
    async with showing(recorded) as shown:
        await shown.press("7")
        row = next(number for number, text in enumerate(rows(shown)) if "db set up once per worker" in text)
        assert "[ ]" in rows(shown)[row]
        saved = float(rows(shown)[row].split("saves ")[1].split("s")[0])
        assert saved == pytest.approx(3, abs=0.5)
        await shown.press(*["down"] * row, "enter")
        assert "[x]" in rows(shown)[row]
        assert "less (" in shown.text
        await shown.press("left")
        assert "[ ]" in rows(shown)[row]
        assert "about as long as it took" in shown.text


async def test_a_click_turns_a_change_on(recorded: Path) -> None:
    """On its row."""
    async with showing(recorded) as shown:
        await shown.press("7")
        await shown.click(shown.app.screen.query_one(KnobRows), 10, 2)
        assert "[x]" in rows(shown)[2]


async def test_bars_for_other_numbers_of_workers(recorded: Path) -> None:
    """One for each, longer for fewer."""
    async with showing(recorded) as shown:
        await shown.press("7", "b")
        bars = [row.count("█") for row in shown.lines if " worker" in row and "█" in row]
        assert len(bars) == 4
        assert bars[0] > bars[1] > bars[2] > 0


async def test_beyond_the_recording(tmp_path: Path) -> None:
    """Where nobody wrote down processor time."""
    async with showing(RESMOKE) as shown:
        await shown.press("7", *["plus"] * 4)
        assert "beyond this recording: no processor time" in shown.text


async def test_there_is_nothing_to_predict_from(tmp_path: Path) -> None:
    """No test has run."""
    (tmp_path / "run.jsonl").write_bytes(line(span("alone")))
    async with showing(tmp_path) as shown:
        await shown.press("7", "plus", "b", "enter", "0")
        assert "nothing to predict from" in shown.text


async def test_sliders_stay_while_another_mode_is_on(recorded: Path) -> None:
    """What was asked is still asked."""
    async with showing(recorded) as shown:
        await shown.press("7", "plus", "plus", "1", "7")
        await shown.until(lambda: "3 workers" in predicted(shown))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids="{0[0]}x{0[1]}".format)
async def test_picture(picture: Picture, recorded: Path, size: Size) -> None:
    """Three workers, a change on."""
    async with showing(recorded, size=size) as shown:
        await shown.press("7", "plus", "plus", "b", "down", "down", "enter")
        await picture(shown)


async def test_picture_of_resmoke(picture: Picture) -> None:
    """A shared queue on more workers than the recording can tell of."""
    async with showing(RESMOKE, size=(120, 40)) as shown:
        await shown.press("7", "plus", "plus")
        await picture(shown)
