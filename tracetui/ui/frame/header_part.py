"""A part of the header."""

from typing import NamedTuple


class Part(NamedTuple):
    """A text, shortened to `short` if room is scarce; the lowest `worth` goes first.

    Its long form goes first where its `words` are worth less. `leads_to` is the app's action on a click.
    """

    text: str
    style: str = ""
    short: str = ""
    worth: int = 9
    leads_to: str = ""
    words: int = 9

    @property
    def long_worth(self) -> int:
        """What the long form is worth."""
        return min(self.words, self.worth)
