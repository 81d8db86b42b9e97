"""What is left on the terminal after a bug of ours: where it happened, and nothing of anybody's data."""

import traceback

from rich.text import Text
from textual.worker import WorkerFailed

from tracetui.text import sanitize


def crash_report(error: BaseException | None) -> Text:
    """Files, lines and functions, the kind of error and its message made safe; never a local variable."""
    if isinstance(error, WorkerFailed):
        error = error.error
    lines = ["tracetui: internal error; please report it with the lines below"]
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        lines.append(f"{type(error).__qualname__}: {_message(error)}")
        error = error.__cause__ or error.__context__
    return Text("\n".join(sanitize(line) for line in lines))


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - a foreign __str__ may raise anything
        return "(its message cannot be shown)"
