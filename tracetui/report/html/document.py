"""The whole page: one file that loads nothing, whose policy lets a browser run only our script."""

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files

from tracetui.report.html.advice import advice_section
from tracetui.report.html.changes import comparison_section, history_section
from tracetui.report.html.colours import variables
from tracetui.report.html.contents import Contents
from tracetui.report.html.costs import costs_section
from tracetui.report.html.failures import failures_section
from tracetui.report.html.head import head
from tracetui.report.html.markup import Markup, joined, tag, text
from tracetui.report.html.slowest import slowest_section
from tracetui.report.html.timeline.lanes import lanes_chart
from tracetui.report.html.timeline.path import path_words
from tracetui.report.html.timeline.waterfall import waterfall_chart

MOST_BYTES = 5_000_000
"""No page is larger: each part has a share of it, and says what it leaves out."""
_DEFINED = Markup(
    '<svg class="defined" width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatch" width="2" height="6"/></pattern>'
    '<path id="mark-failed" d="M-4 0h8l-4 6z"/>'
    '<path id="mark-crashed" d="M-5 3l2-2 3 3 3-3 2 2-3 3 3 3-2 2-3-3-3 3-2-2 3-3z"/>'
    "</defs></svg>"
)


def document(contents: Contents) -> Iterator[str]:
    """The page, part by part."""
    style, script = variables() + _asset("page.css"), _asset("page.js")
    summary = contents.findings.summary
    yield "<!doctype html>\n"
    yield '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta name="robots" content="noindex">\n<link rel="icon" href="data:,">\n'
    yield f"<title>{text(summary.name or 'no spans')}: {summary.outcome.label.replace('_', ' ')}</title>\n"
    yield f"<style>{style}</style>\n</head>\n<body>\n{_DEFINED}\n"
    yield f"{head(contents)}\n"
    sections = list(_sections(contents))
    links = (tag("a", title, href=f"#{name}") for name, title, _ in sections)
    yield tag("nav", *links, aria_label="sections") + "\n<main>\n"
    for name, title, inside in sections:
        yield tag("section", tag("h2", title), inside, id=name) + "\n"
    yield "</main>\n" + _foot() + "\n"
    yield f"<script>{script}</script>\n</body>\n</html>\n"


def _sections(contents: Contents) -> Iterator[tuple[str, str, Markup]]:
    """The anchor, the title and the content of each section."""
    why = contents.findings.no_timeline
    if why:
        yield "timeline", "Timeline", tag("p", f"{why}.", class_="note")
    else:
        yield "costs", "Where the time went", costs_section(contents)
        yield "timeline", "Timeline", _timeline(contents)
    yield "slowest", "Slowest tests", slowest_section(contents)
    yield "failures", "Failures", failures_section(contents)
    yield "advice", "What would help", advice_section(contents)
    if contents.comparison is not None:
        yield "comparison", "Against the baseline", comparison_section(contents.comparison)
    if contents.history is not None:
        yield "history", "Over all runs", history_section(contents.history)


def _timeline(contents: Contents) -> Markup:
    """Lanes, the critical path, the waterfall; a script lets them zoom together."""
    buttons = (
        tag("button", sign, type="button", data_zoom=what, aria_label=words)
        for what, sign, words in (
            ("in", "+", "zoom in"),
            ("out", "−", "zoom out"),
            ("reset", "reset", "show the whole run"),
        )
    )
    hint = tag("span", "drag to zoom in, ctrl + wheel, keys + − ← → 0", class_="quiet hint")
    tools = tag("div", *buttons, tag("output", class_="window"), hint, class_="tools scripted")
    path = path_words(contents.path)
    charts = (
        tag("h3", "Lanes"),
        lanes_chart(contents),
        tag("details", path) if path else None,
        tag("h3", "Waterfall"),
        waterfall_chart(contents),
    )
    label = "time lines; keys: plus and minus zoom, arrows move, 0 shows all"
    return joined((tools, tag("div", *charts, class_="charts", tabindex="0", role="group", aria_label=label)))


def _foot() -> Markup:
    said = "Made by tracetui. This page loads nothing and sends nothing; times are UTC."
    return tag("footer", tag("p", said, class_="note"))


def _policy(style: str, script: str) -> str:
    """A policy that allows nothing but our script and our style, identified by their hashes."""
    parts = (
        "default-src 'none'",
        f"style-src '{_hash(style)}'",
        f"script-src '{_hash(script)}'",
        "img-src data:",
    )
    return "; ".join((*parts, "base-uri 'none'", "form-action 'none'"))


def _hash(inline: str) -> str:
    return "sha256-" + b64encode(sha256(inline.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    """The content of a file of the package."""
    return files("tracetui.report.html").joinpath("assets", name).read_text("utf-8")
