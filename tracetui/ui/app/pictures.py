"""Screenshots as files that are never overwritten and load nothing from elsewhere.

Rich writes a run of cells as one text, which blanks (U+00A0) and a length keep in place. librsvg drops blanks
at either end and ignores the length: here each word is placed at its own cell.
"""

import html
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from rich.cells import cell_len

from tracetui.units import S

_FROM_AFAR = re.compile(r"\s*@font-face \{.*?\}|<!--.*?-->", re.DOTALL)
_NOT_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT = re.compile(
    r'<text class="(?P<style>[^"]*)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" textLength="(?P<length>[\d.]+)"'
    r"(?P<rest>[^>]*)>(?P<text>[^<]*)</text>"
)
_WORD = re.compile("[^\xa0\n]+")
MOST = 100


def save(svg: str, directory: Path, mode: str, now_ns: int) -> Path:
    """Write a screenshot of a mode; returns its path. Raises `OSError` if that fails."""
    moment = datetime.fromtimestamp(now_ns // S, UTC).strftime("%Y%m%d-%H%M%S")
    plain = portable(svg)
    name = f"tracetui-{mode}-{moment}"
    for path in (
        directory / f"{name}{number}.svg" for number in ("", *map("-{}".format, range(2, MOST + 1)))
    ):
        with suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
            file.write(plain)
            return path
    raise FileExistsError(f"{MOST} screenshots saved this second already")


def portable(svg: str) -> str:
    """The same picture for every reader of SVG, a browser or librsvg, with or without a network."""
    return _TEXT.sub(_words, _NOT_XML.sub("\ufffd", _FROM_AFAR.sub("", svg)))


def _words(match: re.Match[str]) -> str:
    text = html.unescape(match["text"])
    cell = float(match["length"]) / max(1, cell_len(text))
    return "".join(
        f'<text class="{match["style"]}" x="{float(match["x"]) + cell_len(text[: word.start()]) * cell:.5g}" '
        f'y="{match["y"]}" textLength="{cell_len(word[0]) * cell:.5g}"{match["rest"]}>'
        f"{html.escape(word[0])}</text>"
        for word in _WORD.finditer(text)
    )
