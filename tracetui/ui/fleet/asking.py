"""Asks the store away from the screen's thread; what goes wrong there is said, and ends nothing."""

from collections.abc import Callable
from typing import Generic, TypeVar

from textual.dom import DOMNode

from tracetui.errors import InputError
from tracetui.text import sanitize
from tracetui.ui.feed.latest_only import LatestOnly

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Asking(Generic[Question, Answer]):
    """Answers questions by `work`; of those asked meanwhile only the newest. `take` has its answer."""

    def __init__(
        self, node: DOMNode, work: Callable[[Question], Answer], take: Callable[[Answer], None]
    ) -> None:
        self._node, self._work, self._take = node, work, take
        self._latest = LatestOnly[Question, Answer | InputError](node, self._tried, self._told, rest=0)

    def ask(self, question: Question) -> None:
        """Answer it soon."""
        self._latest.ask(question)

    def _tried(self, question: Question) -> Answer | InputError:
        try:
            return self._work(question)
        except InputError as error:
            return error

    def _told(self, answer: Answer | InputError) -> None:
        if isinstance(answer, InputError):
            self._node.app.notify(sanitize(str(answer)), severity="warning", markup=False)
        else:
            self._take(answer)
