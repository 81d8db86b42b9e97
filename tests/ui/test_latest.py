"""Work away from the screen: what a piece of work knew is let go of once it is done."""

import gc
import time
import weakref
from collections.abc import Iterator

import pytest
from textual.app import App

from tests.ui.asking import Asks, Question
from tracetui.ui.feed import latest_only as latest


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    """What is only found by the collector of cycles stays."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def test_what_nobody_waits_for_comes_when_it_has_rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer reading waits for the end of the rest; what the reader asks does not."""
    monkeypatch.setattr(latest, "REST", 1e9)
    app, answers = App[None](), list[int]()
    async with app.run_test() as pilot:
        asks = Asks()
        await app.mount(asks)
        works = latest.LatestOnly[int, int](asks, busily, answers.append)

        async def asked(question: int, *, rested: bool) -> list[int]:
            works.ask(question, rested=rested)
            await app.workers.wait_for_complete()
            await pilot.pause()
            return answers

        assert await asked(1, rested=True) == [1]
        assert await asked(2, rested=True) == [1]
        assert await asked(3, rested=False) == [1, 3]
        assert await asked(4, rested=True) == [1, 3]
        monkeypatch.setattr(latest, "REST", 0)
        assert await asked(5, rested=False) == [1, 3, 5]
        assert await asked(6, rested=True) == [1, 3, 5, 6]


def busily(question: int) -> int:
    """Takes some time of the processor."""
    until = time.thread_time() + 0.001
    while time.thread_time() < until:
        pass
    return question


@pytest.mark.parametrize(
    ("took_s", "rest_s"), [(0.01, 0.2), (0.05, 1.0), (0.2, 1.0), (0.25, 1.0), (0.5, 2.0), (0, 0)]
)
def test_a_rest_is_long_where_nobody_notices(took_s: float, rest_s: float) -> None:
    """A second goes by before anything newer is missed; after long work there is four times as long."""
    works = latest.LatestOnly[int, int](App[None](), busily, print)
    assert works._rest_after(took_s) == pytest.approx(rest_s)


async def test_the_newest_of_what_waited_comes_after_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is forgotten."""
    monkeypatch.setattr(latest, "REST", 100)
    app, answers = App[None](), list[int]()
    async with app.run_test() as pilot:
        asks = Asks()
        await app.mount(asks)
        works = latest.LatestOnly[int, int](asks, busily, answers.append)
        for question in range(4):
            works.ask(question, rested=True)
        while answers[-1:] != [3]:
            await pilot.pause(0.01)
        assert len(answers) == 2


@pytest.mark.parametrize("way", ["latest", "away"])
async def test_nothing_holds_on_to_a_question(way: str) -> None:
    """Neither a worker nor a task: each reading takes megabytes."""
    app = App[None]()
    async with app.run_test() as pilot:
        asks = Asks()
        await app.mount(asks)
        question = Question()
        held = weakref.ref(question)
        (asks.latest.ask if way == "latest" else asks.look)(question)
        del question
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert asks.answers == 1
        assert held() is None
