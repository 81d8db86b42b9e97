"""Who keeps what was made of a reading: of a long run megabytes, for a mode that nobody looks at."""


class Holding:
    """Base of the widgets that do."""

    def let_go(self) -> None:
        """Keeps where the reader is, and nothing else; shown again, the mode gets another reading."""
