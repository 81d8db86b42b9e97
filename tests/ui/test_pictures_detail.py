"""Pictures of the detail pane with the keys in it."""

from pathlib import Path

from tests.builders import T0, S, case, exception, key_values, line, span
from tests.ui.conftest import Picture
from tests.ui.failing import TRACEBACK
from tests.ui.showing import showing


async def test_detail(picture: Picture, tmp_path: Path) -> None:
    """Why it failed, its own attributes, a link, the same test at another time, and what the run shares."""
    alike = key_values({f"ci.fact{number}": "the same" for number in range(20)})
    suite = span("yard", {"tracetui.span.role": "suite"}, end=T0 + 60 * S)
    first = case("tests/test_a.py::test_a", start=T0 + S, end=T0 + 2 * S, parent=suite)
    again = case("tests/test_a.py::test_a", "failed", "gw0", start=T0 + 5 * S, end=T0 + 8 * S, parent=suite)
    again["events"] = [exception("ValueError", "no 3 tracks", at=T0 + 6 * S, stacktrace=TRACEBACK)]
    again["links"] = [{"traceId": first["traceId"], "spanId": first["spanId"], "attributes": []}]
    spans = [made | {"attributes": [*made["attributes"], *alike]} for made in (suite, first, again)]
    (tmp_path / "run.jsonl").write_bytes(line(*spans))
    async with showing(tmp_path, size=(120, 80)) as shown:
        await shown.press("down", "down", "enter", "down")
        await picture(shown)
