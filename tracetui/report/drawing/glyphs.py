"""The single table of the shapes that we draw with, and their stand-ins in ASCII.

Screens and pages are drawn with the shapes; the output is translated as a whole at the very end, with the
foreign text in it, so drawing code need not know.
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
    …~ ·. •* ×x ΔD –- —- −- ±+ ‘' ’' “" ”" «< »> ≥> ≤< Σ+
    ⌕/ ⭘o ⌃^ ⇥> ⇤< µu μu σs △^ ▽v ❯> ❮< ❙| ❚| ⭑* ∅0 ∞8 ≠! €E £L ¥Y
"""
"""Marks; bars; sparklines; shades; lines, corners and ticks; arrows; dots, signs between words, money."""

GLYPHS = {pair[0]: pair[1] for pair in _PAIRS.split()}

_UNKNOWN = "?"


@lru_cache(maxsize=16384)
def in_ascii(text: Safe) -> Safe:
    """The same in ASCII and of the same width: anything without a stand-in is a `?` per cell."""
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
