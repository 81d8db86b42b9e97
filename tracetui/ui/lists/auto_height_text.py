"""A text that sets its own height, and relayouts the screen only when that has changed."""

from textual.content import Content
from textual.widgets import Static


class Told(Static):
    """Textual's `Static` would relayout the screen for every new text; foreign text is never markup."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - as Textual calls it
        super().__init__(markup=False, id=id)
        self._told = Content("")
        self._takes = 0, 0

    def put(self, content: Content) -> None:
        """Replace the text."""
        if content == self._told:
            return
        self._told = content
        self.update(content, layout=False)
        width = self.size.width
        takes = width, self.visual.get_height(self.styles.get_rules(), width) if width else 0
        if takes != self._takes or not width:
            self._takes = takes
            self.refresh(layout=True)
