"""Work away from the screen's thread: one piece at a time, and of what is asked meanwhile only the newest.

Textual's workers refer to themselves: they stay in memory until the cyclic collector comes by, which may take
minutes. None may hold on to what it worked on, for each reading takes megabytes.
"""

import time
from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, Generic, ParamSpec, TypeVar

from textual.dom import DOMNode

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Node = TypeVar("Node", bound=DOMNode)
Given = ParamSpec("Given")

REST = 1.0
"""How long to rest after a piece of work, as a multiple of what it took: the screen has work too."""
LEAST_REST_S = 0.05
"""Shorter rests are none."""


class Once:
    """A piece of work that lets go of everything it knows when it begins."""

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


class Latest(Generic[Question, Answer]):
    """Answers questions by `work`, in a thread of its own; `take` gets the answers in the screen's."""

    def __init__(
        self, node: DOMNode, work: Callable[[Question], Answer], take: Callable[[Answer], None]
    ) -> None:
        self._node = node
        self._work = work
        self._take = take
        self._waiting: list[Question] = []
        self._busy = False

    def ask(self, question: Question) -> None:
        """Soon there is an answer to `question`, unless a newer one comes first."""
        self._waiting = [question]
        if not self._busy:
            self._start()

    def _start(self) -> None:
        self._busy = bool(self._waiting)
        if self._busy:
            question = self._waiting.pop()
            self._node.run_worker(Once(partial(self._answer, question)), thread=True)

    def _answer(self, question: Question) -> None:
        begin = time.monotonic()
        answer = self._work(question)
        rest = REST * (time.monotonic() - begin)
        self._node.app.call_from_thread(self._done, answer, rest)

    def _done(self, answer: Answer, rest: float) -> None:
        self._take(answer)
        if self._waiting and rest > LEAST_REST_S:
            self._node.set_timer(rest, self._start)
        else:
            self._start()
