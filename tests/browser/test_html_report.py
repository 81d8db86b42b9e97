"""The page of `tracetui report --format html` as readers have it: wide, narrow, light, dark, on paper."""

from pathlib import Path

import pytest

from tests import jscore
from tests.browser.chromium import DESKTOP, PHONE, Opened, Opens, in_chromium
from tests.builders import T0, S, case, exception, line, span
from tests.report.html.pages import page_of
from tracetui import units
from tracetui.text import natural

pytestmark = in_chromium

OWNED = "window.owned = 1"
PAYLOADS = (
    f"<script>{OWNED}</script>",
    f'"><img src=x onerror="{OWNED}">',
    f"</script><script>{OWNED}</script>",
    f"</title></style></textarea><svg onload={OWNED!r}>",
    f"javascript:{OWNED}",
    f"'-alert(1)-' onmouseover='{OWNED}' x='",
    "{{constructor.constructor('window.owned = 1')()}}",
)
BAR = ".lanes .track rect:not(.inert)"


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page of resmoke's jsCore."""
    directory = tmp_path_factory.mktemp("core")
    page = directory / "page.html"
    page.write_text(page_of(jscore.write(directory / "spans")))
    return page.as_uri()


def require_quiet(opened: Opened, address: str) -> None:
    """It asked for nothing but itself, and nothing went wrong in it."""
    assert opened.complaints == []
    assert [each for each in opened.requests if not each.startswith("data:")] == [address]


async def width_of(opened: Opened) -> float:
    """How wide the axis of the lanes is drawn, in percent of what is seen of it."""
    told = await opened.page.locator(".lanes .zoom").first.get_attribute("width")
    return float((told or "").removesuffix("%"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
async def test_it_fits_its_window(opens: Opens, core: str, size: tuple[int, int], scheme: str) -> None:
    """Nobody scrolls sideways; what is written can be read on what lies behind it."""
    opened = await opens(core, size, "dark" if scheme == "dark" else "light")
    require_quiet(opened, core)
    assert not await opened.is_wider_than_its_window()
    ground = await opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(17, 21, 27)" if scheme == "dark" else "rgb(250, 251, 252)")
    assert await opened.page.evaluate(
        "[...document.querySelectorAll('.lanes .track')].every(svg => svg.clientWidth > innerWidth / 3)"
    )


async def test_time_lines_zoom(opens: Opens, core: str) -> None:
    """By keys; ticks follow, the waterfall too; 0 resets."""
    opened = await opens(core)
    page = opened.page
    ticks = page.locator(".lanes .ruler text")
    before = await ticks.all_text_contents()
    await page.locator(".charts").focus()
    await page.keyboard.press("+")
    assert await width_of(opened) == 200
    assert await page.locator(".waterfall .zoom").first.get_attribute("width") == "200%"
    assert await ticks.all_text_contents() != before
    await page.keyboard.press("ArrowRight")
    assert await page.locator(".lanes .zoom").first.get_attribute("x") != "-50%"
    await page.keyboard.press("0")
    assert await width_of(opened) == 100
    assert await ticks.all_text_contents() == before


async def test_the_wheel_zooms_with_control(opens: Opens, core: str) -> None:
    """Around the mouse; without control the page scrolls."""
    opened = await opens(core)
    page = opened.page
    await _onto_a_track(opened)
    await page.mouse.wheel(0, -100)
    assert await width_of(opened) == 100  # The page scrolls, as everywhere.
    await page.mouse.wheel(0, 100)
    await page.keyboard.down("Control")
    await page.mouse.wheel(0, -300)
    await page.keyboard.up("Control")
    assert await width_of(opened) == pytest.approx(100 * 2.71828, rel=0.01)
    await page.locator("[data-zoom=reset]").click()
    assert await width_of(opened) == 100


async def test_a_drag_zooms(opens: Opens, core: str) -> None:
    """To what was dragged over, which is said; a double click resets."""
    opened = await opens(core)
    page = opened.page
    middle, y = await _onto_a_track(opened)
    await page.mouse.down()
    await page.mouse.move(middle, y, steps=3)
    assert await page.locator(".selection").is_visible()
    await page.mouse.up()
    assert await width_of(opened) == pytest.approx(400, rel=0.02)
    assert "to" in await page.locator("output.window").inner_text()
    await page.mouse.dblclick(middle, y)
    assert await width_of(opened) == 100
    require_quiet(opened, core)


async def _onto_a_track(opened: Opened) -> tuple[float, float]:
    """Move the mouse to a quarter of a lane; where its middle is."""
    page = opened.page
    track = page.locator(".lanes .track").nth(1)
    await track.scroll_into_view_if_needed()
    box = await track.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    await page.mouse.move(box["x"] + box["width"] / 4, y)
    return box["x"] + box["width"] / 2, y


async def test_times_are_written_as_everywhere(opens: Opens, core: str) -> None:
    """The script's labels are those of `units`; what it draws first is what stood there without it."""
    page = (await opens(core)).page
    steps = [units.axis_step(10**power * factor, 1) for power in range(15) for factor in (1, 2, 5)]
    ticks = [(step * times, step) for step in steps for times in (0, 1, 2, 3, 7, 13, 61)]
    written = await page.evaluate("ticks => ticks.map(([ns, step]) => tick(ns, step))", ticks)
    assert written == [units.tick(ns, step) for ns, step in ticks]
    labels = await page.locator(".lanes .ruler text").all_text_contents()
    without = (await opens(core, scripts=False)).page
    assert labels == await without.locator(".lanes .ruler text").all_text_contents()


async def test_a_bar_says_what_it_is(opens: Opens, core: str) -> None:
    """To whoever points at it, and to who walks over the bars by keys."""
    opened = await opens(core)
    page, tip = opened.page, opened.page.locator(".tip")
    assert not await tip.is_visible()
    failed = page.locator(".lanes rect.outcome-failed:not(.inert)").first
    title = await failed.locator("title").text_content() or ""
    assert title.startswith(f"{jscore.FAILED}\ntest ✗ failed\n")
    await page.locator(".lanes .track").nth(1).scroll_into_view_if_needed()
    box = await failed.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 0.5, box["y"] + 9)
    assert await tip.is_visible()
    await page.mouse.move(5, 5)
    assert not await tip.is_visible()
    await page.locator(".charts").focus()
    await page.keyboard.press("n")
    first = await tip.inner_text()
    await page.keyboard.press("n")
    assert await tip.is_visible()
    assert await tip.inner_text() != first
    await page.keyboard.press("p")
    assert await tip.inner_text() == first
    await page.keyboard.press("Escape")
    assert not await tip.is_visible()


async def test_a_tap_says_it_too(opens: Opens, core: str) -> None:
    """On a phone nobody hovers."""
    opened = await opens(core, PHONE, touch=True)
    track = opened.page.locator(".lanes .track").nth(1)
    await track.scroll_into_view_if_needed()
    box = await track.bounding_box()
    assert box is not None
    await opened.page.touchscreen.tap(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
    tip = await opened.page.locator(".tip").inner_text()
    assert tip.split("\n")[1:3] == ["archiver", f"of {jscore.FAILED}"]


async def test_the_slowest_can_be_sorted_and_filtered(opens: Opens, core: str) -> None:
    """By each column, up and down, with keys too; a filter counts what it found."""
    opened = await opens(core)
    page = opened.page
    rows = page.locator("#slowest-table tbody tr:visible")
    first = rows.first.locator("th")
    assert await rows.count() == 20
    assert await first.inner_text() == jscore.STUCK
    assert await page.locator("#slowest-table [aria-sort=descending]").inner_text() == "own"
    own = page.locator("#slowest-table thead button", has_text="own")
    await own.focus()
    await page.keyboard.press("Enter")
    times = [
        int(each)
        for each in await rows.locator("td:nth-child(3)").evaluate_all("cells => cells.map(c => c.dataset.v)")
    ]
    assert times == sorted(times)
    assert len(times) == 20
    await page.locator("#slowest-table thead button", has_text="test").click()
    names = await page.locator("#slowest-table tbody th").all_text_contents()
    assert names == sorted(names, key=natural)
    assert await first.inner_text() == names[0]
    await page.get_by_role("searchbox").fill("GEO_s2")
    assert await rows.count() == 1
    assert await page.locator(".tools output").nth(1).inner_text() == "1 of 1 found"
    await page.get_by_role("searchbox").fill("")
    await page.get_by_role("button", name="show all").click()
    assert await rows.count() == 1000
    require_quiet(opened, core)


async def test_it_reads_without_scripts(opens: Opens, core: str) -> None:
    """All tables and time lines are there; what would do nothing is not."""
    opened = await opens(core, scripts=False)
    page = opened.page
    assert await page.locator("#slowest-table tbody tr:visible").count() == 1000
    assert await page.locator(".lanes .ruler text").count() > 4
    assert not await page.locator(".tools").first.is_visible()
    assert await page.locator(BAR).first.is_visible()
    assert await page.locator("details.failure").first.get_attribute("open") is not None


async def test_on_paper(opens: Opens, core: str) -> None:
    """Black on white, all of it, and no more pages than that takes."""
    opened = await opens(core, scheme="dark")
    paper = await opened.page.pdf(format="A4", print_background=True)
    assert paper.startswith(b"%PDF")
    assert 3 <= paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") <= 16
    await opened.page.emulate_media(media="print")
    assert (
        await opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    )
    assert not await opened.page.locator("nav").is_visible()
    require_quiet(opened, core)


async def test_a_link_opens_its_failure(opens: Opens, tmp_path: Path) -> None:
    """Also one that is folded."""
    tests = [
        case(f"a.py::test_{n}", "failed", start=T0 + n * S, end=T0 + n * S + S, message="same")
        for n in range(3)
    ]
    (tmp_path / "a.jsonl").write_bytes(line(*tests))
    (tmp_path / "page.html").write_text(page_of(tmp_path / "a.jsonl"))
    opened = await opens((tmp_path / "page.html").as_uri())
    last = opened.page.locator("details.failure").nth(2)
    assert await last.get_attribute("open") is None
    await opened.page.locator(".first a").nth(2).click()
    await opened.page.wait_for_function("document.querySelectorAll('details.failure')[2].open")


async def test_what_is_hostile_does_not_run(opens: Opens, tmp_path: Path) -> None:
    """Wherever a name, message, stack or path may stand; not when it is pointed at, sorted or filtered."""
    tests = []
    for number, payload in enumerate(PAYLOADS):
        at = T0 + number * S
        told = exception(
            payload, payload, at=at, stacktrace=f'  File "{payload}", line 3, in {payload}\n    {payload}\n'
        )
        made = case(payload, "failed", worker=payload, start=at, end=at + S, message=payload)
        tests.append(made | {"events": [told]})
    suite = span(PAYLOADS[0], {"tracetui.span.role": "suite", "test.suite.name": PAYLOADS[2]}, end=T0 + 9 * S)
    tests = [each | {"parentSpanId": suite["spanId"]} for each in tests]
    (tmp_path / "a.jsonl").write_bytes(line(suite, *tests))
    (tmp_path / "page.html").write_text(page_of(tmp_path / "a.jsonl"))
    address = (tmp_path / "page.html").as_uri()
    opened = await opens(address)
    page = opened.page
    await page.locator(".charts").focus()
    for _ in range(2 * len(PAYLOADS)):
        await page.keyboard.press("n")
    await page.locator("#slowest-table thead button").first.click()
    await page.get_by_role("searchbox").fill("<")
    await page.locator(".first a").first.click()
    assert await page.evaluate("window.owned") is None
    assert await page.locator("img").count() == 0
    require_quiet(opened, address)
