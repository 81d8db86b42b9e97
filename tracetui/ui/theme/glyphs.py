"""The characters that rows and axes are drawn with; `report.glyphs` has their ASCII replacements."""

from typing import NamedTuple


class Glyphs(NamedTuple):
    """`heights` rise from an eighth to a whole cell; all are one cell wide."""

    cursor: str = "▌"
    folded: str = "▸"
    unfolded: str = "▾"
    heights: str = "▁▂▃▄▅▆▇█"
    event: str = "◆"
    before: str = "◀"
    after: str = "▶"
    times: str = "×"
    thumb: str = "┃"
    rail: str = "│"


UNICODE = Glyphs()
