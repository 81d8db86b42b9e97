"""The one table of shapes that we draw with, and what stands for each where there is only ASCII.

Screens and pages are drawn with the shapes; what goes out is swapped as a whole at the very end, foreign text
with it, so that nothing that draws has to know.
"""

import unicodedata
from functools import lru_cache

from tracetui.text import Safe, width

_PAIRS = """
    ✓. ✗X ◌o ≈= ╳% ▶> ▸+ ▾- ■# ●* ○o ◆* ◇o ★* ⚑! ⏸= ⏵>
    ▏| ▎| ▍| ▌| ▋# ▊# ▉# █# ▐| ▕|
    ▁_ ▂. ▃- ▄- ▅= ▆= ▇# ▔- ▀- ▖. ▗. ▘' ▝' ▙# ▛# ▜# ▟#
    ░. ▒: ▓% ▪# ▫. ⋅. ⣿# ⠿#
    ─- ━= ═= │| ┃| ‖| ║| ╵| ╷| ╴- ╶- ╎| ┆| ┊| ╌- ┄- ┈- ╹| ╻|
    ┌+ ┐+ └+ ┘+ ├+ ┤+ ┬+ ┴+ ┼+ ╭+ ╮+ ╰+ ╯+ ╞+ ╡+ ┝+ ┥+
    ┏+ ┓+ ┗+ ┛+ ┣+ ┫+ ┳+ ┻+ ╋+ ╔+ ╗+ ╚+ ╝+ ╸- ╺- ╼- ╾-
    ←< →> ↑^ ↓v ▲^ ▼v ◀< ◂< ▹> ▴^ ⟵< ⟶> ↵/ ⏎/ ↻@ ◷@ ↗/ ↘\\ ↔=
    …~ ·. •* ×x –- —- −- ±+ ‘' ’' “" ”" «< »> ≥> ≤< Σ+
    ⌕/ ⭘o ⌃^ ⇥> ⇤< µu μu σs △^ ▽v ❯> ❮< ❙| ❚| ⭑* ∅0 ∞8 ≠! €E £L ¥Y
"""
"""Marks; bars; sparklines; shades; lines, corners and ticks; arrows; dots, signs between words, money."""

GLYPHS = {pair[0]: pair[1] for pair in _PAIRS.split()}

_UNKNOWN = "?"


@lru_cache(maxsize=16384)
def in_ascii(text: Safe) -> Safe:
    """The same with ASCII characters alone, as many cells wide: what has no stand-in is a `?` per cell."""
    if text.isascii():
        return text
    drawn = "".join(GLYPHS.get(character) or _plain(character) for character in text)
    cells = width(text)
    return Safe(drawn[:cells].ljust(cells))


def _plain(character: str) -> str:
    if character.isascii():
        return character
    base = unicodedata.normalize("NFKD", character)[0]
    cells = width(Safe(character))
    return base if base.isascii() and base.isprintable() and cells == 1 else _UNKNOWN * cells
