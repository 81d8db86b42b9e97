"""The report after a bug of ours: where it happened, without anybody's data."""

import os
import platform
import traceback
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_state_path
from rich.text import Text
from textual.worker import WorkerFailed

from tracetui.text import sanitize


class Circumstances(NamedTuple):
    """What the user was doing: the mode, the last key (Textual's name), and the size of the screen."""

    mode: str = ""
    key: str = ""
    size: tuple[int, int] = (0, 0)


NOWHERE = Circumstances()
HOLDS = "It holds code locations and the error message, no other data; read it before you share it"


def crash_report(error: BaseException | None, at: Circumstances = NOWHERE) -> Text:
    """Files, lines and functions, the kind of error and its message made safe; never a local variable."""
    lines = [
        f"tracetui {version('tracetui')}: internal error",
        f"  mode {at.mode or 'none'}, last key {at.key or 'none'}, {at.size[0]}x{at.size[1]}",
        f"  Python {platform.python_version()}, Textual {version('textual')}, {os.environ.get('TERM', '')}",
    ]
    if isinstance(error, WorkerFailed):
        error = error.error
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        lines.append(f"{type(error).__qualname__}: {_message(error)}")
        error = error.__cause__ or error.__context__
    return Text("\n".join(sanitize(line) for line in lines))


def kept(report: Text) -> Text:
    """The report, with the file (0600) in which it was saved."""
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    path = user_state_path("tracetui") / f"crash-{moment}-{os.getpid()}.txt"
    try:
        _write(path, report.plain)
    except OSError as error:
        where = f"This report could not be saved: {(error.strerror or str(error)).lower()}"
    else:
        where = f"This report is saved in {path}. {HOLDS}"
    return Text.assemble(report, "\n", sanitize(where))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - a foreign __str__ may raise anything
        return "(its message cannot be shown)"
