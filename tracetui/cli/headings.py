"""Groups of commands: each is loaded when it is called, and numpy too; help lists them under headings."""

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

_BLAS_THREADS = "OPENBLAS_NUM_THREADS"


class Lazy(click.Group):
    """A group that loads a command when it is called.

    `places` says by name, in their order, where each is defined: `module:function`, as an entry point does.
    The help of a command ends with the documentation page that `subjects` names for it.
    """

    def __init__(self, places: Mapping[str, str], subjects: Mapping[str, str], **options: Any) -> None:
        # Click knows them by name only, and suggests one for a name that it does not know.
        super().__init__(**options, commands={name: click.Command(name) for name in places})
        self._places = places
        self._subjects = subjects

    def list_commands(self, _context: click.Context) -> list[str]:
        """All commands, in their order."""
        return list(self._places)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command with this name."""
        if name not in self._places:
            return None
        module, _, function = self._places[name].partition(":")
        command: click.Command = getattr(import_module(module), function)
        if name in self._subjects:
            command.epilog = command.epilog or f"More: tracetui help {self._subjects[name]}"
        return command


def load_numpy() -> None:
    """Load it before anything else does, without its threads.

    What numpy loads for linear algebra, which nothing here uses, begins a thread for each core, and these
    wait for work in a loop: a tenth of a second of the processor. What is started later hears nothing of it.
    """
    is_said = _BLAS_THREADS in os.environ
    os.environ.setdefault(_BLAS_THREADS, "1")
    try:
        import numpy  # noqa: F401
    finally:
        if not is_said:
            del os.environ[_BLAS_THREADS]


class Headed(Lazy):
    """A group whose help lists its commands by `headings`: titles, and the places of the commands below each.

    `subjects` names a page for each title.
    """

    def __init__(
        self, headings: Mapping[str, Mapping[str, str]], subjects: Mapping[str, str], **options: Any
    ) -> None:
        places = {name: place for below in headings.values() for name, place in below.items()}
        pages = {name: page for title, page in subjects.items() for name in headings[title]}
        super().__init__(places, pages, **options)
        self._headings = headings

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one list for each heading, all with the same column widths."""
        names = self.list_commands(context)
        widest = max(map(len, names))
        room = formatter.width - 6 - widest
        commands = {name: self.get_command(context, name) for name in names}
        for title, below in self._headings.items():
            with formatter.section(title):
                formatter.write_dl(
                    [
                        (name.ljust(widest), command.get_short_help_str(room))
                        for name in below
                        if (command := commands[name])
                    ]
                )
