"""Recordings of services: they open in the waterfall, with a column and a colour for each service."""

from pathlib import Path

import pytest
from rich.style import Style

from tests.builders import MS, T0, Json, case, line, span
from tests.ui.conftest import Picture
from tests.ui.showing import Shown, showing
from tracetui.ingest import Ingest
from tracetui.settings import Settings
from tracetui.ui.app.app import TracetuiApp
from tracetui.ui.theme.themes import SERVICES, THEMES, Paint
from tracetui.ui.waterfall.legend import legend

CALLS = (
    # Service, name, the one above, start and length in ms, status.
    ("frontend", "GET /product/L9ECAV7KIM", None, 0, 310, 0),
    ("cartservice", "GetCart", 0, 8, 52, 0),
    ("redis-cart", "HGET", 1, 15, 38, 0),
    ("recommendationservice", "ListRecommendations", 0, 64, 118, 0),
    ("productcatalogservice", "ListProducts", 3, 70, 94, 0),
    ("productcatalogservice", "GetProduct", 0, 190, 22, 0),
    ("currencyservice", "Convert", 0, 216, 31, 2),
    ("adservice", "GetAds", 0, 250, 44, 0),
)
COUNTED = ("frontend", "cartservice", "redis-cart", "recommendationservice", "productcatalogservice")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """One request through seven services."""
    spans: list[Json] = []
    for _, name, above, start, length, status in CALLS:
        parent = None if above is None else spans[above]
        begin = T0 + start * MS
        spans.append(span(name, start=begin, end=begin + length * MS, parent=parent, status=status))
    path = tmp_path / "shop.jsonl"
    path.write_bytes(
        b"".join(
            line(made, resource={"service.name": call[0]}) for made, call in zip(spans, CALLS, strict=True)
        )
    )
    return path


def style_at(shown: Shown, text: str, after: str = "") -> Style:
    """How `text` is drawn on the first line that has it, or on the row of the waterfall that has `after`."""
    region = shown.waterfall.region
    strips = shown.strips[region.y : region.bottom] if after else shown.strips
    strip = next(strip for strip in strips if (after or text) in strip.text)
    for segment in strip:
        if text in segment.text and segment.style:
            return segment.style
    raise AssertionError(f"no {text!r} in {strip.text!r}")


async def opened(path: Path, *keys: str, follow: bool = False) -> str:
    """The mode in which the app is once all is read, where `keys` are pressed before."""
    app = TracetuiApp(Ingest([str(path)], follow=follow), "recording", path if follow else None)
    read, app._feed.run = app._feed.run, app._feed._stop.wait  # type: ignore[assignment, method-assign]
    async with app.run_test() as pilot:
        shown = Shown(app, pilot)
        await pilot.press(*keys)
        if follow:
            app.run_worker(read, thread=True, name="feed")
        else:
            app.run_worker(read, thread=True)
        await shown.until(lambda: app.reading is not None and not app.reading.busy)
        await shown.settle()
        mode = app.current_mode
        app._feed.stop()
    return mode


async def test_services_open_in_the_waterfall(shop: Path) -> None:
    """There is no test to speak of in Run."""
    assert await opened(shop) == "waterfall"


async def test_the_readers_mode_stays(shop: Path) -> None:
    """Unless another was chosen meanwhile, be it the one that is on."""
    assert await opened(shop, "4") == "slowest"
    assert await opened(shop, "1") == "run"


async def test_a_test_run_opens_in_run(tmp_path: Path) -> None:
    """One test, and it is a test run."""
    path = tmp_path / "run.jsonl"
    path.write_bytes(line(span("a")) + line(case("test_1"), resource={"service.name": "b"}))
    assert await opened(path) == "run"


async def test_what_runs_may_yet_be_tests(tmp_path: Path) -> None:
    """Of a run under way, spans whose parents are to come do not lead away; whole traces do."""
    path = tmp_path / "live.jsonl"
    path.write_bytes(line(span("in a test", parent=span("to come"))))
    assert await opened(tmp_path, follow=True) == "run"
    path.write_bytes(line(span("a request")))
    assert await opened(tmp_path, follow=True) == "waterfall"


async def test_a_column_and_a_colour(shop: Path) -> None:
    """Each row says its service, in the colour of its bar; the same one has the same colour."""
    async with showing(shop) as shown:
        assert "service" in shown.lines[shown.line_of(" total")]
        paint = Paint(shown.app.theme_variables)
        colours = [paint.style(name).color for name in SERVICES]
        for number, service in enumerate(COUNTED):
            row = next(call[1] for call in CALLS if call[0] == service)
            name = service if len(service) < 18 else service[-8:]
            assert style_at(shown, name, row).color == colours[number % len(colours)]
            assert style_at(shown, "█", row).color == colours[number % len(colours)]
        assert style_at(shown, "█", "Convert").color == paint.style("outcome-failed").color


async def test_the_reader_chooses_columns(shop: Path) -> None:
    """The column goes where others were chosen, and is there in a test run for whoever wants it."""
    async with showing(shop, settings=Settings(columns=("own",))) as shown:
        assert "service" not in shown.lines[shown.line_of(" own")]
    async with showing(shop, settings=Settings(columns=("service",))) as shown:
        assert "cartservice" in shown.lines[shown.line_of("GetCart")]


async def test_a_legend_where_there_is_room(shop: Path) -> None:
    """Names in their colours on a high screen; not on a low one."""
    async with showing(shop, size=(160, 40)) as shown:
        first = shown.lines[shown.line_of("7 services")]
        assert all(f"■ {name}" in first for name in COUNTED)
        assert (
            style_at(shown, "■ cartservice").color
            == Paint(shown.app.theme_variables).style(SERVICES[1]).color
        )
    async with showing(shop, size=(160, 24)) as shown:
        assert "7 services" not in shown.text


@pytest.mark.parametrize("cells", range(8, 60))
def test_the_legend_fits(cells: int) -> None:
    """It says that it leaves out names, and never more than there is room for."""
    content = legend(("frontend", "日本語", "a\x1b[2Jb"), cells)
    assert content.cell_length <= max(cells, len("   3 services") + 2)
    assert "\x1b" not in content.plain
    assert ("…" in content.plain) != ("2Jb" in content.plain)


async def test_groups_of_services(tmp_path: Path) -> None:
    """A group of spans of one service says so; of several it says none."""
    path = tmp_path / "many.jsonl"
    root = span("root", end=T0 + 100 * MS)
    alike = [span(f"get {n}", start=T0 + n * MS, end=T0 + (n + 1) * MS, parent=root) for n in range(12)]
    mixed = [span(f"put {n}", start=T0 + n * MS, end=T0 + (n + 1) * MS, parent=root) for n in range(12)]
    documents = [line(root, resource={"service.name": "front"})]
    documents += [line(made, resource={"service.name": "back"}) for made in alike]
    documents += [line(made, resource={"service.name": f"s{n % 2}"}) for n, made in enumerate(mixed)]
    path.write_bytes(b"".join(documents))
    async with showing(path) as shown:
        await shown.press("u")
        assert "back" in shown.lines[shown.line_of("12 × get")]
        assert " s0" not in shown.lines[shown.line_of("12 × put")]
        assert " s1" not in shown.lines[shown.line_of("12 × put")]


@pytest.mark.parametrize("theme", [*THEMES])
def test_service_colours_are_apart(theme: str) -> None:
    """No two have the same colour, nor that of a failure or of a span of no service."""
    variables = Paint(THEMES[theme].variables)
    colours = [variables.colour(name) for name in (*SERVICES, "outcome-failed", "role-other")]
    assert len(set(colours)) == len(colours)


async def test_services(picture: Picture, shop: Path) -> None:
    """A picture: one request through seven services."""
    async with showing(shop, size=(80, 24)) as shown:
        await picture(shown, (80, 24), (120, 40), (240, 70))


@pytest.mark.parametrize("theme", ["tracetui-light", "tracetui-16"])
async def test_services_in_other_themes(picture: Picture, shop: Path, theme: str) -> None:
    """Pictures: light, and with sixteen colours."""
    async with showing(shop, settings=Settings(theme=theme)) as shown:
        await picture(shown)


async def test_services_without_colours(
    picture: Picture, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture: without colours the column says it."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with showing(shop) as shown:
        assert "■" not in shown.text.replace("■ ended", "")
        await picture(shown)
