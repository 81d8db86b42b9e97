"""The colours of a page: those of the app's light and dark theme, as CSS variables."""

from tracetui.report.drawing.palettes import PALETTES, Palette

LIGHT, DARK = "tracetui-light", "tracetui-dark"


def variables() -> str:
    """`--role-test` and the like, for both a light and a dark scheme."""
    named = {palette.name: palette for palette in PALETTES}
    light, dark = _declared(named[LIGHT]), _declared(named[DARK])
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    )


def _declared(palette: Palette) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in palette.colours.items())


ACCOUNTS = {
    "tests": "role-test",
    "fixtures": "role-hook",
    "hooks": "role-hook",
    "derived_hooks": "role-hook",
    "archiving": "role-archiver",
    "collection": "role-suite",
    "unaccounted": "role-other",
    "worker_start": "role-worker",
    "stalled": "warning",
    "idle": "idle",
    "absent": "absent",
}
"""The class of each account of the ledger; those of one colour differ in shade."""
