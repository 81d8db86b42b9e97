"""A widget that has questions answered away from the screen's thread."""

from textual.widget import Widget

from tracetui.ui.feed.latest_only import LatestOnly, away


class Question:
    """Something large."""


class Asks(Widget):
    def __init__(self) -> None:
        super().__init__()
        self.answers = 0
        self.latest = LatestOnly[Question, int](self, lambda _: 1, self.take)

    def take(self, answer: int) -> None:
        self.answers += answer

    @away
    def look(self, question: Question) -> None:
        assert question
        self.app.call_from_thread(self.take, 1)
