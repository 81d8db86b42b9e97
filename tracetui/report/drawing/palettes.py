"""The colours of each theme, all in one shape: `ui.theme` makes Textual's themes of them, pages their styles.

Every text has a contrast of at least 4.5 to 1 on every background (WCAG 2.2, 1.4.3), and in the blue and
orange themes no two outcomes, and no two kinds of bars, look alike to red-blind or green-blind eyes: tests
prove it.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tracetui.model.role import Outcome, Role

GROUNDS = ("background", "surface", "panel", "cursor-row", "scroll-thumb")
WORDS = ("foreground", "quiet", "accent", "warning", "error", "success")
ROLES = ("suite", "worker", "test", "phase", "hook", "archiver", "other")
OUTCOMES = ("passed", "failed", "skipped", "xfailed", "xpassed", "cut_off", "running")


class Palette(NamedTuple):
    """A theme: colours as text, in the order of the names above. `sixteen` are the terminal's own."""

    name: str
    grounds: str
    words: str
    roles: str
    outcomes: str
    dark: bool
    sixteen: bool = False

    @property
    def colours(self) -> Mapping[str, str]:
        """Every colour by the name of its theme variable."""
        return dict(self._named())

    def _named(self) -> Iterator[tuple[str, str]]:
        yield from zip(GROUNDS, self.grounds.split(), strict=True)
        yield from zip(WORDS, self.words.split(), strict=True)
        yield from zip((f"role-{role}" for role in ROLES), self.roles.split(), strict=True)
        outcomes = dict(zip(OUTCOMES, self.outcomes.split(), strict=True))
        outcomes |= {
            "error": outcomes["failed"],
            "unknown": outcomes["skipped"],
            "rerun": outcomes["xpassed"],
        }
        yield from ((f"outcome-{outcome}", colour) for outcome, colour in outcomes.items())


PALETTES = (
    Palette(
        "tracetui-dark",
        "#11151b #171c24 #1d242e #222c3a #37445a",
        "#d5dce6 #8a96a8 #7d9ff5 #dfa43a #f4636f #63bb79",
        "#7d9ff5 #8395bd #45b7a5 #42a397 #cf9b45 #aa86dd #8b98aa",
        "#63bb79 #f4636f #8c97a8 #b9a65a #dfa43a #d98a5c #dfe7f2",
        dark=True,
    ),
    Palette(
        "tracetui-light",
        "#fafbfc #f1f4f7 #e7ecf1 #dbe4f0 #b9c6d8",
        "#1c2430 #5b6572 #3b5dc0 #865a08 #c21f3b #207140",
        "#3b5dc0 #576386 #0e7064 #2f6d65 #875a15 #784cbb #5b6471",
        "#207140 #c21f3b #5b6471 #746324 #865a08 #9c4f22 #1c2430",
        dark=False,
    ),
    Palette(
        "tracetui-warm",
        "#211c19 #29231f #322b26 #40362e #5f5248",
        "#e9dcc8 #afa08a #e0a458 #e8b04b #f2837d #a5b85c",
        "#87a9c4 #9ba3b2 #7fb39a #84ac99 #d9a15c #c494b7 #ada191",
        "#a5b85c #f2837d #ada191 #c2ac63 #e8b04b #de9061 #f6ecd9",
        dark=True,
    ),
    Palette(
        "tracetui-contrast",
        "#000000 #000000 #101418 #003a70 #8a9bb0",
        "#ffffff #c4ccd6 #8fc7ff #ffd23f #ff8a8a #7dff9b",
        "#8fc7ff #b4c4e6 #6ff2dc #5ad6c2 #ffc56b #d9b3ff #c4ccd6",
        "#7dff9b #ff8a8a #c4ccd6 #ede28a #ffd23f #ffb07a #ffffff",
        dark=True,
    ),
    Palette(
        "tracetui-blue-orange",
        "#10141a #161b23 #1c232d #233040 #3a4a60",
        "#dde4ec #8e9bac #56b4e9 #f0c943 #f77c1d #37a6fb",
        "#9aa4b5 #8a9ab7 #42a4fa #45a2c8 #f5df4d #dfb0df #8e9bac",
        "#37a6fb #f77c1d #93a0b1 #cdbf72 #f0e442 #ffd9e6 #ffffff",
        dark=True,
    ),
    Palette(
        "tracetui-blue-orange-light",
        "#fbfbfa #f3f3f1 #eaeae6 #dfe6ee #b8c0ca",
        "#1b222b #5d6672 #0062a8 #7a6000 #9c4a10 #0a56a8",
        "#3a4670 #586582 #1264c4 #246d89 #663d00 #8a4c90 #5d6672",
        "#0a56a8 #9c4a10 #5d6672 #6a661b #7a6000 #5c1038 #000000",
        dark=False,
    ),
    Palette(
        "tracetui-16",
        # The row under the cursor has its mark and bold letters: no ground of the sixteen suits every colour.
        "ansi_black ansi_black ansi_black ansi_black ansi_white",
        "ansi_bright_white ansi_white ansi_bright_cyan ansi_bright_yellow ansi_bright_red ansi_bright_green",
        "ansi_bright_blue ansi_cyan ansi_bright_cyan ansi_cyan ansi_yellow ansi_bright_magenta ansi_white",
        "ansi_bright_green ansi_bright_red ansi_white ansi_yellow ansi_bright_yellow ansi_magenta"
        " ansi_bright_white",
        dark=True,
        sixteen=True,
    ),
)


def bar_name(role: Role, outcome: Outcome) -> str:
    """The name of the colour of a span's bar: a bad outcome wins, except on spans that merely contain it."""
    loud = (outcome.bad or outcome is Outcome.CUT_OFF) and role not in (Role.SUITE, Role.WORKER)
    return f"outcome-{outcome.label}" if loud else f"role-{role.label}"
