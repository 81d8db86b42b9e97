"""Foreign text is only text in the failures mode too."""

from pathlib import Path

import pytest

from tests.builders import T0, Json, S, case, exception, key_values, line, log_line, span
from tests.ui.hostile import ESCAPES, MARKUP, RAW
from tests.ui.showing import showing

ROOM = (170, 60)


def hostile_failures(texts: tuple[str, ...]) -> bytes:
    """Failures in which each of `texts` stands wherever the failures screen shows foreign text."""
    spans: list[Json] = []
    logs: list[Json] = []
    for place, text in enumerate(texts):
        at = T0 + place * S
        stack = f'{text}\n  File "{text}", line 3, in {text}\n    {text}\n    at {text} ({text}:1:2)\n{text}'
        test = case(text, "failed", text, start=at, end=at + S, message=text)
        test["attributes"] += key_values({"tracetui.owner": text, "code.file.path": text})
        kept = {
            "tracetui.span.role": "archiver",
            "tracetui.archive.path": text,
            "tracetui.archive.left_out": [text],
        }
        hook = {"tracetui.span.role": "hook", "pytest.outcome": "failed"}
        spans += [
            test | {"events": [exception(text, text, at=at, stacktrace=stack)]},
            span(text, kept, start=at, parent=test, status=2, message=text),
            span(f"hook {text}", hook, start=at, parent=test, status=2, message=f"hook {text}"),
        ]
        told = key_values({"tracetui.captured": text, "pytest.when": text, text: text})
        ids = {"traceId": test["traceId"], "spanId": test["spanId"], "timeUnixNano": str(at)}
        logs.append(ids | {"body": {"stringValue": f"{text}\n\t{text}"}, "attributes": told})
    return line(*spans) + log_line(*logs)


@pytest.mark.parametrize("texts", [ESCAPES, MARKUP], ids=["escapes", "markup"])
async def test_failures(texts: tuple[str, ...], tmp_path: Path) -> None:
    """No raw character reaches the screen, lines keep their width, and markup stands as it was written."""
    path = tmp_path / "run.jsonl"
    path.write_bytes(hostile_failures(texts))
    async with showing(path, size=ROOM, mode="failures") as shown:
        for _ in texts:
            await shown.press("right_square_bracket")
            assert not RAW.intersection(shown.text.replace("\n", ""))
            assert {strip.cell_length for strip in shown.strips} == {ROOM[0]}
        await shown.press("d", "o", "e")
        assert not RAW.intersection(shown.text.replace("\n", ""))
        if texts is MARKUP:
            assert f"test {texts[-1]}  ✗ failed" in shown.text


async def test_clicks_run_nothing(tmp_path: Path) -> None:
    """A click on any text of a failure runs nothing that the text asks for."""
    text = "[@click=app.quit()]"
    path = tmp_path / "run.jsonl"
    path.write_bytes(hostile_failures((text,)))
    async with showing(path, size=ROOM, mode="failures") as shown:
        await shown.press("right_square_bracket", "e")
        for y, told in enumerate(shown.lines):
            if (x := told.find(text)) >= 0:
                await shown.pilot.click(offset=(x + len(text) // 2, y))
        assert shown.app.is_running
