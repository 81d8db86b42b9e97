"""Suspends the app for the user's editor."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from tracetui.analysis.failures.place import Place
from tracetui.errors import InputError
from tracetui.text import sanitize
from tracetui.ui.app.editor import command, editor, find
from tracetui.ui.app.tty import keyboard

NOWHERE = "no source file recorded"


def edit(app: App[Any], place: Place | None, sources: Sequence[str]) -> None:
    """Open a place in the editor, or say in one line why not.

    Relative files are looked for from where the app was started, and from the recording upwards.
    """
    try:
        if place is None:
            raise InputError(NOWHERE)
        words = command(editor(), find(place.file, _bases(sources)), place.line)
        _run(app, words)
    except InputError as error:
        app.notify(sanitize(str(error)), severity="warning", markup=False)


def _bases(sources: Sequence[str]) -> list[Path]:
    bases = [Path.cwd()]
    for source in sources[:1]:
        bases += list(Path(source).absolute().parents)[:6]
    return bases


def _run(app: App[Any], words: list[str]) -> None:
    try:
        with app.suspend():
            code = subprocess.run(words, check=False, stdin=keyboard()).returncode
    except SuspendNotSupported:
        raise InputError("no terminal to run an editor in") from None
    except OSError as error:
        raise InputError(f"{words[0]}: {(error.strerror or str(error)).lower()}; see EDITOR") from error
    if code:
        raise InputError(f"{words[0]} ended with exit code {code}")
