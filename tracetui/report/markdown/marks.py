"""Foreign text in Markdown: it stays text, and mentions nobody."""

from tracetui.text import sanitize, sanitize_lines

MOST_CODE_POINTS = 16_000
_MARKUP = frozenset("\\`*_{}[]<>()#+!|~@&")


def inline(foreign: str) -> str:
    """One line in which nothing is markup, a link, a mention or a cell's end."""
    return "".join(f"\\{mark}" if mark in _MARKUP else mark for mark in sanitize(foreign))


def code(foreign: str) -> str:
    """One line as code, also in a table; it mentions nobody."""
    text = sanitize(foreign).replace("|", "\\|")
    if not text.strip():
        return ""
    fence = "`" * (longest_run(text) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def fenced(foreign: str, most: int = MOST_CODE_POINTS) -> list[str]:
    """Lines as a block of code; of long texts the end, where an exception states its cause."""
    cut = len(foreign) > most
    text = foreign[-most:] if cut else foreign
    fence = "`" * max(3, longest_run(text) + 1)
    return [fence, *["..."] * cut, *sanitize_lines(text, most), fence]


def longest_run(text: str) -> int:
    """The length of the longest run of backticks in a text."""
    longest = run = 0
    for mark in text:
        run = run + 1 if mark == "`" else 0
        longest = max(longest, run)
    return longest


def table(titles: list[str], rows: list[list[str]]) -> list[str]:
    """A table of cells that are Markdown already; all columns but the first are right-aligned."""
    if not rows:
        return []
    ruler = ["---", *["---:"] * (len(titles) - 1)]
    return ["", *(f"| {' | '.join(cells)} |" for cells in (titles, ruler, *rows)), ""]
