"""Pages of runs that tests make, and what a browser would find in them."""

from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from tests.builders import T0, S
from tracetui.analysis.history.over_runs import HistoryValue
from tracetui.analysis.study.findings import study
from tracetui.ingest import load
from tracetui.report.html.contents import Contents, looked_at
from tracetui.report.html.document import document


def contents_of(*paths: Path, history: HistoryValue | None = None, now_ns: int = T0 + 3600 * S) -> Contents:
    """What there is to tell of some files."""
    ingest = load([str(path) for path in paths])
    findings = study(ingest.table.snapshot(), now_ns)
    return Contents(looked_at(findings), ingest.span, history=history)


def page_of(*paths: Path) -> str:
    """The page of some files."""
    return "".join(document(contents_of(*paths)))


class Element(NamedTuple):
    """A tag with its attributes, in which section it stands."""

    name: str
    attributes: dict[str, str | None]
    section: str


class Parsed(HTMLParser):
    """A page, taken apart; every tag has to be closed where it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.text: dict[str, str] = {}
        self.inline: dict[str, str] = {}
        self._open: list[str] = []
        self._section = "head"
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "section":
            self._section = attributes["id"] or ""
        self.elements.append(Element(tag, attributes, self._section))
        if tag not in ("meta", "link", "input"):
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), self._section))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "section":
            self._section = "foot"

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("script", "style"):
            self.inline[self._open[-1]] = self.inline.get(self._open[-1], "") + data
            return
        self.text[self._section] = self.text.get(self._section, "") + data

    def all(self, name: str, section: str | None = None) -> list[Element]:
        """The elements of a name."""
        return [each for each in self.elements if each.name == name and section in (None, each.section)]

    def having(self, class_: str, section: str | None = None) -> list[Element]:
        """The elements of a class."""
        return [
            each
            for each in self.elements
            if class_ in (each.attributes.get("class") or "").split() and section in (None, each.section)
        ]


def require_harmless(page: str) -> Parsed:
    """Nothing in it comes from elsewhere, and nothing runs but the one script that is ours."""
    parsed = Parsed(page)
    assert len(parsed.all("script")) == len(parsed.all("style")) == 1
    assert parsed.all("script")[0].attributes == {}
    for name, attributes, _ in parsed.elements:
        assert name in KNOWN, name
        assert not [key for key in attributes if key.startswith("on") or key in ("style", "src", "srcset")]
        target = attributes.get("href") or "#"
        assert target.startswith("#") or (name, target) == ("link", "data:,")
    controls = {mark for mark in page if ord(mark) < 0x20 or 0x7F <= ord(mark) < 0xA0}
    assert controls <= {"\n"}
    return parsed


KNOWN = frozenset(
    (
        *(
            "html",
            "head",
            "meta",
            "link",
            "title",
            "style",
            "script",
            "body",
            "header",
            "nav",
            "main",
            "section",
        ),
        *(
            "footer",
            "h1",
            "h2",
            "h3",
            "h4",
            "p",
            "a",
            "b",
            "i",
            "code",
            "pre",
            "div",
            "span",
            "button",
            "input",
        ),
        *("output", "details", "summary", "dl", "dt", "dd", "ol", "ul", "li", "figure", "figcaption"),
        *("table", "thead", "tbody", "tr", "th", "td"),
        *("svg", "defs", "pattern", "path", "rect", "text", "use"),
    )
)
