"""Widgets that keep data of a reading: megabytes for a long run, wasted in a mode that nobody looks at."""


class Holding:
    """Base class of these widgets."""

    def let_go(self) -> None:
        """Keep only the user's position; when it is shown again, the mode gets another reading."""
