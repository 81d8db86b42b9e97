"""Something that the line on top says."""

from typing import NamedTuple


class Part(NamedTuple):
    """Something to say, in as few words as `short` where room is scarce; the lowest `worth` goes first.

    `leads_to` is what a click asks for: an action of the app.
    """

    text: str
    style: str = ""
    short: str = ""
    worth: int = 9
    leads_to: str = ""
