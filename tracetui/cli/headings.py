"""Commands grouped under headings, so that help fits on a page."""

from collections.abc import Mapping, Sequence
from typing import Any

import click


class Headed(click.Group):
    """A group whose help lists its commands by `headings`: titles, and the commands below each.

    The help of a command ends with the documentation page that `subjects` names for its heading.
    """

    def __init__(
        self, headings: Mapping[str, Sequence[click.Command]], subjects: Mapping[str, str], **options: Any
    ) -> None:
        super().__init__(**options, commands=[command for below in headings.values() for command in below])
        self._headings = headings
        for title, subject in subjects.items():
            for command in headings[title]:
                command.epilog = command.epilog or f"More: tracetui help {subject}"

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one list for each heading, all with the same column widths."""
        widest = max(len(name) for name in self.commands)
        room = formatter.width - 6 - widest
        for title, commands in self._headings.items():
            with formatter.section(title):
                formatter.write_dl(
                    [
                        ((command.name or "").ljust(widest), command.get_short_help_str(room))
                        for command in commands
                    ]
                )
