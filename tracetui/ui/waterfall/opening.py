"""Where the waterfall opens: a finished run at what matters most, a live one at its top."""

from tracetui.ui.feed.reading import Reading


class Opening:
    """Waits until a recording is read, once; unless the user has moved the cursor before."""

    def __init__(self) -> None:
        self._is_over = False

    def place(self, reading: Reading, *, moved: bool) -> int | None:
        """The row to go to now, of the first failure or else the longest stall; mostly None."""
        if self._is_over:
            return None
        self._is_over = moved or reading.findings.summary.state == "live"
        if self._is_over or reading.busy or not len(reading.findings.snapshot):
            return None
        self._is_over = True
        overview = reading.overview
        if len(overview.failed):
            return int(overview.failed[0])
        return next((stall.row for stall in overview.still if stall.row >= 0), None)
