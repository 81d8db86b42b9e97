"""Decodes one test or suite of a JUnit document, from its own bytes, when someone looks at it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from xml.parsers import expat

from tracetui.formats.others import plain
from tracetui.formats.results.junit_parts import names_of
from tracetui.formats.results.junit_verdicts import AGAIN, ENDED
from tracetui.formats.results.legal_text import UTF_8, LegalText
from tracetui.formats.results.xml_stream import refuse_doctype
from tracetui.model.role import StatusCode
from tracetui.model.span import Event, Resource, Scope, Span, Status

MOST_TEXT = 1 << 20
"""So many characters of one element are kept."""
_STREAMS = {"system-out": "stdout", "system-err": "stderr"}
_RENAMED = {"classname": "test.suite.name", "name": "test.case.name", "file": "code.file.path"}
_KEPT_DEPTH = 3


class _Element:
    """An element, and what is in it."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[_Element] = []
        self.is_closed = False
        self._parts: list[str] = []
        self._length = 0

    @property
    def text(self) -> str:
        """Its text, without that of other elements in it."""
        return "".join(self._parts)

    def add(self, text: str) -> None:
        """More of its text."""
        if self._length < MOST_TEXT:
            self._parts.append(text)
            self._length += len(text)


def decode_span(data: bytes, resource: Resource, scope: Scope, encoding: str = UTF_8) -> Span:
    """What an element, or the beginning of one, says: neither ids nor parent, and no times.

    Raises `ValueError` if there is no element.
    """
    root = _parsed(data, encoding)
    verdicts = [child for child in root.children if child.name in ENDED or child.name in AGAIN]
    told = list(_of_attempt(root, verdicts))
    events = [_event(verdict) for verdict in told if verdict.name != "skipped"]
    parts = [root, *(verdict for verdict in told if verdict.name in AGAIN)]
    printed = [_output(child) for part in parts for child in part.children if child.name in _STREAMS]
    return Span(
        trace_id="",
        span_id="",
        parent_span_id="",
        name=root.attributes.get("name", root.name),
        kind="internal",
        start_ns=0,
        end_ns=0,
        status=Status(StatusCode.ERROR if events else StatusCode.UNSET),
        attributes=plain.shown(_attributes(root, told)),
        events=(*events, *printed),
        links=(),
        resource=resource,
        scope=scope,
    )


def _of_attempt(root: _Element, verdicts: list[_Element]) -> Iterator[_Element]:
    """The verdicts on the attempt that the bytes are about: they end with it, or with the whole test.

    Of a test that was run again, the last attempt has the whole element.
    """
    again = [verdict for verdict in verdicts if verdict.name in AGAIN]
    if verdicts and not root.is_closed:
        yield verdicts[-1]
    elif again and again[-1].name.startswith("rerun"):
        yield again[-1]
    else:
        yield from (verdict for verdict in verdicts if verdict.name in ENDED)


def _event(verdict: _Element) -> Event:
    text = verdict.text.strip("\r\n").rstrip()
    stack = next((child.text.strip() for child in verdict.children if child.name == "stackTrace"), "") or text
    message = verdict.attributes.get("message") or stack.strip().partition("\n")[0]
    about = {"type": verdict.attributes.get("type", ""), "message": message, "stacktrace": stack}
    return Event(0, "exception", {f"exception.{key}": value for key, value in about.items() if value})


def _output(element: _Element) -> Event:
    stream = _STREAMS[element.name]
    return Event(0, element.name, {"log.iostream": stream, "body": element.text.strip("\r\n")})


def _attributes(root: _Element, told: list[_Element]) -> Mapping[str, Any]:
    about = root.attributes
    if root.name != "testcase":
        return about | dict(_properties(root))
    names = names_of(about, None)
    renamed = {_RENAMED[key]: value for key, value in about.items() if key in _RENAMED and value}
    others = {key: value for key, value in about.items() if key not in _RENAMED}
    line = others.pop("line", "")
    attributes: dict[str, Any] = {"test.case.name": names.name} | renamed | others
    if line.isdecimal() and len(line) < 10:
        attributes["code.line.number"] = int(line)
    for verdict in told:
        if verdict.name not in AGAIN and verdict.name not in ("failure", "error"):
            attributes["test.case.result.reason"] = verdict.attributes.get("message") or verdict.text.strip()
    return attributes | dict(_properties(root))


def _properties(root: _Element) -> Iterator[tuple[str, str]]:
    """Its properties, whose values may be attributes or text."""
    for part in root.children:
        for child in part.children if part.name == "properties" else ():
            name = child.attributes.get("name", "")
            if child.name == "property" and name:
                yield name, child.attributes.get("value") or child.text.strip()


class _Tree:
    """Makes a tree of the first element that a parser meets, without what is nested deeper than results."""

    def __init__(self) -> None:
        self.root: _Element | None = None
        self._path: list[_Element] = []
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        if len(self._path) != self._depth - 1 or self._depth > _KEPT_DEPTH:
            return
        element = _Element(name.rpartition(":")[2], attributes)
        if self._path:
            self._path[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self._path.append(element)

    def end(self, _name: str) -> None:
        """An element ends."""
        if len(self._path) == self._depth:
            self._path.pop().is_closed = True
        self._depth -= 1

    def text(self, content: str) -> None:
        """Text goes on."""
        if self._path:
            self._path[-1].add(content)


def _parsed(data: bytes, encoding: str) -> _Element:
    """The first element in `data`, as far as it goes; raises `ValueError` if there is none."""
    tree = _Tree()
    parser = expat.ParserCreate(encoding)
    parser.StartElementHandler, parser.EndElementHandler = tree.start, tree.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = tree.text, refuse_doctype
    with suppress(expat.ExpatError):  # What stands before a mistake is known.
        parser.Parse(LegalText(encoding).feed(data, is_last=True))
    if tree.root is None:
        raise ValueError("no element")
    return tree.root
