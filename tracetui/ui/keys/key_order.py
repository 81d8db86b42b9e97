"""Handles keys one after the other: each is done before the focus for the next one is looked up.

Textual gives a key to the widget that has the focus when it arrives, though an earlier key, still in some
queue, may be about to move the focus. Keys typed ahead of a busy screen would go astray.
"""

from collections import deque
from collections.abc import Iterator
from itertools import chain

from textual import events
from textual.message_pump import MessagePump
from textual.timer import Timer

from tracetui.ui.compat import TextualApp

ROUNDS = 3
"""A key goes from the widget up to the app; what it leads to (the focus goes on) goes the same way."""

MOST_S = 3.0
"""No key waits longer for the one before, whatever that does."""


class InOrder(TextualApp):
    """An app that handles one key at a time."""

    last_key = ""
    """The name of the key that was taken last."""

    _waiting: deque[events.Key]
    _under_way: events.Key | None = None
    _deadline: Timer | None = None

    def __init__(self) -> None:
        super().__init__()
        self._waiting = deque()

    async def on_event(self, event: events.Event) -> None:
        """Hold a key back while another is being handled."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._under_way:
            self._waiting.append(event)
            self._deadline = self._deadline or self.set_timer(MOST_S, self._next_key)
        else:
            await self._take_key(event)

    async def _take_key(self, event: events.Key) -> None:
        self._under_way, self.last_key = event, event.key
        goes_to = self.focused or self.screen
        await super().on_event(event)
        self._pass(event, self._way(goes_to), ROUNDS)

    def _way(self, node: MessagePump) -> Iterator[MessagePump]:
        """The queues that a key passes, from a widget up to the app."""
        ancestors = getattr(node, "ancestors", [])
        return chain([node], (ancestor for ancestor in ancestors if ancestor is not self))

    def _pass(self, event: events.Key, way: Iterator[MessagePump], rounds: int) -> None:
        """Follow a key through the queues, behind it and behind what it triggers."""
        for node in way:
            if node.call_later(self._pass, event, way, rounds):
                return
        self.call_later(self._arrived, event, rounds)

    async def _arrived(self, event: events.Key, rounds: int) -> None:
        if event is not self._under_way:
            return  # It took too long, and another goes on.
        if rounds > 1:
            self._pass(event, self._way(self.focused or self.screen), rounds - 1)
        else:
            await self._next_key()

    async def _next_key(self) -> None:
        if self._deadline:
            self._deadline.stop()
            self._deadline = None
        self._under_way = None
        if self._waiting:
            event = self._waiting.popleft()
            if self._waiting:
                self._deadline = self.set_timer(MOST_S, self._next_key)
            await self._take_key(event)
