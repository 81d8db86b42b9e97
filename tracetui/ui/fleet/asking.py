"""Asks the store away from the screen's thread; errors are shown, and end nothing."""

from collections.abc import Callable
from typing import Generic, TypeVar

from textual.dom import DOMNode

from tracetui.errors import TracetuiError
from tracetui.text import Safe, sanitize
from tracetui.ui.feed.latest_only import LatestOnly

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Asking(Generic[Question, Answer]):
    """Answers questions by `work`; of those that wait, only the newest. `take` gets the answer, `fail` the
    reason why there is none.
    """

    def __init__(
        self,
        node: DOMNode,
        work: Callable[[Question], Answer],
        take: Callable[[Answer], None],
        fail: Callable[[Safe], None] = lambda _: None,
    ) -> None:
        self._node, self._work, self._take, self._fail = node, work, take, fail
        self._latest = LatestOnly[Question, Answer | TracetuiError](
            node, self._answer, self._hand_over, rest=0
        )

    def ask(self, question: Question) -> None:
        """Answer it soon."""
        self._latest.ask(question)

    def _answer(self, question: Question) -> Answer | TracetuiError:
        try:
            return self._work(question)
        except TracetuiError as error:
            return error

    def _hand_over(self, answer: Answer | TracetuiError) -> None:
        if isinstance(answer, TracetuiError):
            why = sanitize(str(answer))
            self._node.app.notify(why, severity="warning", markup=False)
            self._fail(why)
        else:
            self._take(answer)
