"""The browser of these tests does what a reader's does, and tells of it."""

from pathlib import Path

from tests.browser.chromium import PHONE, Opens, in_chromium

pytestmark = in_chromium

PAGE = """<!doctype html><meta charset=utf-8><title>a page</title>
<style>
  p { width: 600px; color: rgb(1, 2, 3) }
  @media (prefers-color-scheme: dark) { p { color: rgb(4, 5, 6) } }
</style>
<p>text</p>
<script>
  console.error("said")
  missing()
  fetch("http://127.0.0.1:9/asked").catch(() => 0)
</script>"""


async def test_what_a_page_does_is_heard(opens: Opens, tmp_path: Path) -> None:
    """Errors of its console, exceptions, and all that it asks for."""
    (tmp_path / "page.html").write_text(PAGE.replace("missing()", ""))
    (tmp_path / "throws.html").write_text(PAGE)
    told = await opens((tmp_path / "page.html").as_uri())
    await told.page.wait_for_function("performance.getEntriesByType('resource').length > 0")
    assert told.complaints[0] == "error: said"
    assert told.requests == [(tmp_path / "page.html").as_uri(), "http://127.0.0.1:9/asked"]
    thrown = await opens((tmp_path / "throws.html").as_uri())
    assert thrown.complaints[:2] == ["error: said", "thrown: missing is not defined"]


async def test_windows_are_as_asked_for(opens: Opens, tmp_path: Path) -> None:
    """As wide as a phone, dark, without scripts."""
    (tmp_path / "page.html").write_text(PAGE)
    colour = "getComputedStyle(document.querySelector('p')).color"
    narrow = await opens((tmp_path / "page.html").as_uri(), PHONE, "dark", scripts=False)
    assert await narrow.is_wider_than_its_window()
    assert await narrow.page.evaluate(colour) == "rgb(4, 5, 6)"
    assert narrow.complaints == []
    wide = await opens((tmp_path / "page.html").as_uri())
    assert not await wide.is_wider_than_its_window()
    assert await wide.page.evaluate(colour) == "rgb(1, 2, 3)"
