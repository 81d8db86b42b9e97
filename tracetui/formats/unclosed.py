"""Arrays that nobody closed: left by killed writers, and allowed to Chrome's trace events."""

import re

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_EVENTS = re.compile(rb'"traceEvents"\s*+:\s*+\[')


def closed(text: bytes) -> bytes | None:
    """`text` closed behind its last whole element: an array, or an object that holds trace events; else None.

    Half an element is left out, never completed. The result may still be no JSON.
    """
    events = None if text.startswith(b"[") else _EVENTS.search(text)
    if events:
        return _cut(text, events.end(), b"]}")
    return _cut(text, 1, b"]") if text.startswith(b"[") else None


def _cut(text: bytes, start: int, closing: bytes) -> bytes | None:
    depth, end = 1, 0
    for token in _TOKEN.finditer(text, start):
        bracket = token[0]
        depth += (bracket in (b"[", b"{")) - (bracket in (b"]", b"}"))
        if depth == 1 and bracket == b"}":
            end = token.end()
        elif depth == 0:
            return text[: token.start()] + closing
    return text[:end] + closing if end else None
