"""What was kept of a failure: its output, and archives of its files."""

from typing import NamedTuple

from tracetui.model.span import Event, Span, value_text

MOST_LEFT_OUT = 10
_ARCHIVE = "tracetui.archive."


class Output(NamedTuple):
    """What was printed or logged in a phase, and its `name`: `Captured stdout`, `Log WARN`. Foreign text."""

    name: str
    phase: str
    text: str


class Archive(NamedTuple):
    """The file that an archiver wrote, empty if it wrote none, and its size, -1 if unknown.

    `left_out` has the first ten of the files that are not in it. All text is foreign.
    """

    archiver: str
    path: str
    size_bytes: int
    left_out: tuple[str, ...]


def output_of(event: Event) -> Output:
    """The output in a log record, as the plugin and others write it."""
    attributes = {key: value_text(value) for key, value in event.attributes.items()}
    stream = attributes.get("tracetui.captured") or attributes.get("log.iostream")
    name = f"Captured {stream}" if stream else f"Log {attributes.get('severity', '')}".strip()
    return Output(name, attributes.get("pytest.when", ""), attributes.get("body", "").rstrip())


def archive_of(span: Span) -> Archive:
    """The archive that an archiver's span describes."""
    size, left_out = span.attributes.get(f"{_ARCHIVE}size_bytes"), span.attributes.get(f"{_ARCHIVE}left_out")
    return Archive(
        archiver=span.name,
        path=value_text(span.attributes.get(f"{_ARCHIVE}path")),
        size_bytes=size if isinstance(size, int) and size >= 0 else -1,
        left_out=tuple(map(value_text, left_out[:MOST_LEFT_OUT])) if isinstance(left_out, list) else (),
    )
