"""One span as text for the clipboard: JSON, or Markdown for a ticket; without any control code."""

import json
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import asdict

from tracetui import units
from tracetui.model.span import AttributeValue, Span, value_text
from tracetui.report.markdown.marks import MOST_CODE_POINTS, inline, longest_run
from tracetui.text import sanitize_lines


def as_json(span: Span) -> str:
    """The whole span, indented; bytes in hex, texts escaped to ASCII."""
    status = asdict(span.status) | {"code": span.status.code.name}
    return json.dumps(asdict(span) | {"status": status}, indent=2, default=_plain).replace("\x7f", "\\u007f")


def as_markdown(span: Span, title: str) -> str:
    """A heading, a table of attributes, and exceptions as blocks of code."""
    return "\n".join(_markdown(span, title)) + "\n"


def escaped(value: str) -> str:
    """A value that is safe to paste anywhere: every line is sanitized."""
    return "\n".join(sanitize_lines(value))


def _markdown(span: Span, title: str) -> Iterator[str]:
    yield f"### {inline(title)}"
    yield ""
    took = units.duration(span.end_ns - span.start_ns) if span.end_ns else "not ended"
    yield f"{units.moment(span.start_ns)}, {took}, status {span.status.code.name}"
    if span.status.message:
        yield from ("", inline(span.status.message))
    yield from _table(span.attributes)
    for event in span.events:
        yield from ("", f"**{inline(event.name)}**")
        yield from _table({key: value for key, value in event.attributes.items() if not _is_long(value)})
        for key, value in event.attributes.items():
            if _is_long(value):
                text = value_text(value)[:MOST_CODE_POINTS]
                fence = "`" * max(3, 1 + longest_run(text))
                yield from ("", f"{inline(key)}:", fence, *sanitize_lines(text), fence)


def _table(attributes: Mapping[str, AttributeValue]) -> Iterator[str]:
    if attributes:
        yield from ("", "| | |", "|---|---|")
        yield from (f"| {inline(key)} | {inline(value_text(value))} |" for key, value in attributes.items())


def _is_long(value: AttributeValue) -> bool:
    return isinstance(value, str) and "\n" in value.strip()


def _plain(value: object) -> object:
    if isinstance(value, Struct):
        return asdict(value)
    return value.hex() if isinstance(value, bytes) else repr(value)
