"""A screen that is late has one reading waiting for it, not all that came meanwhile."""

import gc
import weakref
from typing import cast

from textual.app import App
from textual.message import Message
from textual.screen import Screen

from tests.ui.asking import Asks, Question
from tracetui.ui.feed.handover import Handover, Read
from tracetui.ui.feed.latest_only import let_go
from tracetui.ui.feed.reading import Reading


class Large(Question):
    """Stands for a reading."""


def test_only_the_newest_waits() -> None:
    """Those before it are gone at once; the message that comes first gives it, the others nothing."""
    posted: list[Message] = []
    handover = Handover(posted.append)
    made = [Large() for _ in range(5)]
    held = [weakref.ref(each) for each in made]
    while made:
        handover.put(cast("Reading", made.pop(0)))
    gc.collect()
    assert [each() is not None for each in held] == [False] * 4 + [True]
    taken = [message.take() for message in posted if isinstance(message, Read)]
    assert cast("Large", taken[0]) is held[-1]()
    assert taken[1:] == [None] * 4
    handover.put(cast("Reading", Large()))
    assert isinstance(posted[-1], Read)
    assert posted[-1].take() is not None


async def test_a_screen_that_nobody_sees_asks_nothing() -> None:
    """What waits for its rest is forgotten, and so is the answer that is being made; on others nothing is."""
    app = App[None]()
    async with app.run_test() as pilot:
        hidden, shown = Asks(), Asks()
        await app.push_screen(Screen())
        await app.screen.mount(shown)
        await app.push_screen(Screen())
        await app.screen.mount(hidden)
        for asks in (hidden, shown):
            asks.latest.ask(Large())
            asks.latest.ask(Large())
        let_go(hidden.screen)
        assert not hidden.latest._waiting
        await app.workers.wait_for_complete()
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert (hidden.answers, shown.answers) == (0, 2)
        hidden.latest.ask(Large())
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert hidden.answers == 1
