"""Work away from the screen's thread: one piece at a time, and of the questions asked meanwhile only the
newest.

Textual's workers refer to themselves: they stay in memory until the cyclic collector runs, which may take
minutes. None may hold on to what it worked on, because each reading takes megabytes.
"""

import time
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar
from weakref import WeakSet

from textual.dom import DOMNode
from textual.timer import Timer

from tracetui.ui.compat import late_rather_than_never

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Node = TypeVar("Node", bound=DOMNode)
Given = ParamSpec("Given")

REST = 4.0
"""How long to rest after a piece of work, as a multiple of its processor time: tests have work too."""
SHORT_REST, SHORT_REST_S = 20.0, 1.0
"""So many times as long, where that is no longer than a second."""
LEAST_REST_S = 0.05
"""Shorter rests are none."""


class Once:
    """A piece of work that releases everything it holds when it begins."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = [work]

    def __call__(self) -> None:
        self._work.pop()()


def away(method: Callable[Concatenate[Node, Given], None]) -> Callable[Concatenate[Node, Given], None]:
    """The method, in a thread of its own; a newer call cancels the one before."""

    @wraps(method)
    def start(node: Node, /, *args: Given.args, **kwargs: Given.kwargs) -> None:
        work = Once(partial(method, node, *args, **kwargs))
        node.run_worker(work, name=method.__name__, group=method.__qualname__, thread=True, exclusive=True)

    return start


_every: "WeakSet[LatestOnly[Any, Any]]" = WeakSet()


def let_go(screen: DOMNode) -> None:
    """On a screen that nobody sees no question waits to be worked on, and no answer is waited for."""
    for each in list(_every):
        each.let_go_on(screen)


class LatestOnly(Generic[Question, Answer]):
    """Answers questions by `work`, in a thread of its own; `take` gets the answers in the screen's thread.

    `rest` is how long it pauses between two, by default `REST`, and `least_rest_s` how long at least.
    """

    def __init__(
        self,
        node: DOMNode,
        work: Callable[[Question], Answer],
        take: Callable[[Answer], None],
        rest: float | None = None,
        least_rest_s: float = 0.0,
    ) -> None:
        self._node = node
        self._work = work
        self._take = take
        self._multiple = rest
        self._least_rest_s = least_rest_s
        self._waiting: list[Question] = []
        self._busy = False
        self._may_rest = True
        self._rest: Timer | None = None
        self._era = 0
        _every.add(self)

    def let_go_on(self, screen: DOMNode) -> None:
        """Knows of no question, if it belongs to `screen`."""
        if screen in self._node.ancestors_with_self:
            self._waiting.clear()
            self._era += 1

    def ask(self, question: Question, *, rested: bool = False) -> None:
        """Answer `question` soon, unless a newer one is asked first.

        Questions that the user does not wait for, such as newer readings, wait until it has `rested`.
        """
        self._waiting, self._may_rest = [question], rested
        self._go_on()

    def _go_on(self) -> None:
        if not self._busy and not (self._may_rest and self._rest):
            self._start()

    def _start(self) -> None:
        self._end_rest()
        self._busy = bool(self._waiting)
        if self._busy:
            question = self._waiting.pop()
            self._node.run_worker(Once(partial(self._answer, question, self._era)), thread=True)

    def _answer(self, question: Question, era: int) -> None:
        begin = time.thread_time()
        answer = self._work(question)
        rest = self._rest_after(time.thread_time() - begin)
        self._node.app.call_from_thread(self._done, answer, rest, era)

    def _rest_after(self, took_s: float) -> float:
        if self._multiple is None:
            return max(REST * took_s, min(SHORT_REST * took_s, SHORT_REST_S))
        return max(self._least_rest_s, self._multiple * took_s)

    def _done(self, answer: Answer, rest: float, era: int) -> None:
        self._busy = False
        if rest > LEAST_REST_S:
            # Were it left out, it would rest for ever.
            self._rest = late_rather_than_never(self._node.set_timer(rest, self._start))
        if era == self._era:
            self._take(answer)
        if self._waiting:
            self._go_on()

    def _end_rest(self) -> None:
        if self._rest:
            self._rest.stop()
            self._rest = None
