"""What every mode says while there is nothing to show: loading, waiting, nothing there, not enough room."""

from tracetui import units
from tracetui.text import Safe, sanitize
from tracetui.ui.feed.reading import Reading

LEAST_WIDTH, LEAST_HEIGHT = 40, 8
BAR = 32


def blank_lines(reading: Reading | None) -> list[Safe]:
    """Why there is nothing; empty if there is something."""
    if reading is None:
        return [Safe("opening …")]
    if len(reading.findings.snapshot):
        return []
    if reading.busy:
        return _loading(reading)
    if not reading.followed:
        return [Safe("There are no spans in this recording.")]
    where = sanitize(reading.followed)
    lines = ["No spans yet. Start a traced run in another terminal; it appears here:", ""]
    return [Safe(line) for line in (*lines, f"    pytest --tracetui={where}")]


def nothing_lines(reading: Reading | None) -> list[Safe]:
    """Why a list has no rows, for reasons that apply to every list."""
    if reading is None or not len(reading.findings.snapshot):
        return blank_lines(reading)
    hidden = reading.lens is not None and reading.visible is not None and not reading.visible.any()
    return [Safe("The filter hides everything; f edits it.")] if hidden else []


def _loading(reading: Reading) -> list[Safe]:
    share = reading.read_bytes / max(1, reading.total_bytes)
    filled = round(share * BAR)
    size, whole = units.size(reading.read_bytes), units.size(reading.total_bytes)
    fast = f" at {units.size(round(reading.rate))}/s" if reading.rate else ""
    return [Safe("█" * filled + "░" * (BAR - filled)), Safe(f"reading {size} of {whole}{fast}")]


def too_small(width: int, height: int) -> Safe | None:
    """What to say if the screen is too small; None if there is room."""
    if width >= LEAST_WIDTH and height >= LEAST_HEIGHT:
        return None
    return Safe(f"{width}x{height}: too small, {LEAST_WIDTH}x{LEAST_HEIGHT} at least")
