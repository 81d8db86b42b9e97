"""speedscope, from npm: it reads an export, and what it saves again is what it made of it."""

import base64
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.chromium import Opened, Opens, in_chromium
from tests.export.exporting import exported
from tests.export.samples import NAMES, SAMPLES, awkward
from tests.npm import MODULES, needs

if TYPE_CHECKING:
    from tests.builders import Json

PAGE = MODULES / "speedscope" / "dist" / "release" / "index.html"

pytestmark = [*in_chromium, needs("speedscope")]


async def shown(opens: Opens, tmp_path: Path, document: str) -> Opened:
    """The page in which speedscope shows a document, handed over as its own command does."""
    code = base64.b64encode(document.encode()).decode()
    script = tmp_path / "document.js"
    script.write_text(f"speedscope.loadFileFromBase64('export.json', '{code}')")
    opened = await opens(f"{PAGE.as_uri()}#localProfilePath={script}")
    await opened.page.get_by_text("Sandwich").wait_for()
    return opened


async def saved(opened: Opened) -> Any:
    """What it understood, in its own format."""
    async with opened.page.expect_download() as download:
        await opened.page.keyboard.press("Control+s")
    path = await (await download.value).path()
    return json.loads(path.read_text())


def complaints(opened: Opened) -> list[str]:
    """What it has to say, but for what the drawing of a machine without a screen costs."""
    return [each for each in opened.complaints if "GL Driver Message" not in each]


def intervals(document: "Json", profile: "Json") -> "Counter[tuple[str, int, int]]":
    """The frames of a profile, by name, with when they opened and closed (ns since it began)."""
    frames, unit = document["shared"]["frames"], {"nanoseconds": 1, "microseconds": 1000}[profile["unit"]]
    stack: list[tuple[str, int]] = []
    found: Counter[tuple[str, int, int]] = Counter()
    for event in profile["events"]:
        name, at = frames[event["frame"]]["name"], round((event["at"] - profile["startValue"]) * unit)
        if event["type"] == "O":
            stack.append((name, at))
        else:
            opened, start = stack.pop()
            assert opened == name
            found[name, start, at] += 1
    assert not stack
    return found


async def test_it_shows_what_we_wrote(opens: Opens, tmp_path: Path) -> None:
    """Each span of each lane that has a length, to the nanosecond; the fullest lane is what opens."""
    document = exported(awkward(tmp_path / "x.jsonl"), "speedscope", *SAMPLES).text
    written = json.loads(document)
    opened = await shown(opens, tmp_path, document)
    found = await saved(opened)
    assert complaints(opened) == []
    assert [each["name"] for each in found["profiles"]] == [each["name"] for each in written["profiles"]]
    for ours, theirs in zip(written["profiles"], found["profiles"], strict=True):
        drawn = (each for each in intervals(written, ours).elements() if each[1] < each[2])
        assert intervals(found, theirs) == Counter(drawn)
    assert {frame["name"] for frame in found["shared"]["frames"]} >= set(NAMES)
    fullest = max(written["profiles"], key=lambda profile: len(profile["events"]))
    assert written["profiles"][found["activeProfileIndex"]] == fullest
    assert await opened.page.get_by_text(fullest["name"]).count()
