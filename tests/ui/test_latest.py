"""Work away from the screen: what a piece of work knew is let go of once it is done."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from textual.app import App
from textual.widget import Widget

from tracetui.ui.latest import Latest, away


class Question:
    """Something large."""


class Asks(Widget):
    def __init__(self) -> None:
        super().__init__()
        self.answers = 0
        self.latest = Latest[Question, int](self, lambda _: 1, self.take)

    def take(self, answer: int) -> None:
        self.answers += answer

    @away
    def look(self, question: Question) -> None:
        assert question
        self.app.call_from_thread(self.take, 1)


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    """What is only found by the collector of cycles stays."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


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
