"""Times of trace events that are since the epoch: those of this century, to its ends."""

from datetime import UTC, datetime

import pytest

from tracetui.formats.chrome.clocks import origin_ns

S = 1_000_000_000
BEGIN, END = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * S for year in (2000, 2100))


@pytest.mark.parametrize(
    ("usual_ns", "is_since_epoch"),
    [(BEGIN - 1, False), (BEGIN, True), (END, True), (END + 1, False), (0, False)],
)
def test_times_of_this_century_are_since_the_epoch(usual_ns: int, is_since_epoch: bool) -> None:
    """Others are told relative to something, and nobody says to what."""
    assert origin_ns({}, usual_ns, usual_ns) == (0 if is_since_epoch else None)


@pytest.mark.parametrize(
    ("zero", "usual_ns", "known"), [(BEGIN, 0, True), (BEGIN - 1, 0, False), (END, 1, False)]
)
def test_a_clock_told_beside_has_to_lead_there_too(zero: int, usual_ns: int, known: bool) -> None:
    """Else it is not the clock of these events."""
    assert origin_ns({"baseTimeNanoseconds": str(zero).encode()}, 0, usual_ns) == (zero if known else None)
