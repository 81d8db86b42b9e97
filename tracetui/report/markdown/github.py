"""GitHub's job summary and annotations: within its limits for any run.

GitHub drops a step summary above 1,024 KiB as a whole, so it ends before that. It shows ten annotations of a
kind per step and drops the rest silently: the ten that cost most are written.
"""

from collections.abc import Iterable, Iterator

from tracetui.report.markdown.digest import Digest, Failure
from tracetui.text import sanitize

MOST_BYTES = 1000 * 1024
MOST_ANNOTATIONS = 10
_CUT = "\n\n_The summary ends here: GitHub takes no more._\n"
MOST_MESSAGE = 2000


def within_limit(parts: Iterable[str], most: int = MOST_BYTES) -> str:
    """The parts up to a limit in bytes, each whole or not at all, with a note if some are missing."""
    room = most - len(_CUT.encode())
    kept: list[str] = []
    for part in parts:
        room -= len(part.encode()) + 1
        if room < 0:
            return "\n".join(kept) + _CUT
        kept.append(part)
    return "\n".join(kept) + "\n"


def annotations(facts: Digest) -> Iterator[str]:
    """The failures that took longest, as workflow commands: `::error file=F,line=N,title=T::message`."""
    ordered = sorted(facts.failures, key=lambda failure: -failure.own_ns)
    return (_annotation(failure) for failure in ordered[:MOST_ANNOTATIONS])


def _annotation(failure: Failure) -> str:
    properties = []
    if failure.place and failure.place.file:
        properties.append(f"file={_property(failure.place.file)}")
        properties += [f"line={failure.place.line}"] if failure.place.line > 0 else []
    properties.append(f"title={_property(failure.title)}")
    message = failure.cause.headline + (f"\n{failure.command}" if failure.command else "")
    return f"::error {','.join(properties)}::{_message(message)}"


def _message(foreign: str) -> str:
    lines = [sanitize(line) for line in foreign[:MOST_MESSAGE].splitlines()]
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(foreign: str) -> str:
    text = sanitize(foreign).replace("%", "%25")
    return text.replace(":", "%3A").replace(",", "%2C")
