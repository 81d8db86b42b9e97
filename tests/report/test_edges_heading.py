"""Losses in headings: every kind of loss is named with its count, and nothing else is."""

import pytest
from msgspec.structs import replace

from tests.builders import T0, S, case, line, snapshot
from tracetui.analysis.study.findings import study
from tracetui.model.kind import Kind
from tracetui.report.heading import losses
from tracetui.store.health import ABOUT, Health, Tally


def told(*counts: tuple[Kind, int]) -> str:
    held = replace(
        snapshot(line(case("t"))), health=Health(kinds={kind: Tally(count) for kind, count in counts})
    )
    return "\n".join("".join(segment.text for segment in each) for each in losses(study(held, T0 + S)))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_loss_is_told_in_the_heading(kind: Kind) -> None:
    """`unreadable` too; what lost nothing is no word there, and none of a kind is none."""
    text = f"{ABOUT[kind].said} (3)" if kind in ABOUT and ABOUT[kind].loss else ""
    assert (text in told((kind, 3))) if text else not told((kind, 3))
    assert told((kind, 0)) == ""


def test_unreadable_files_are_a_loss() -> None:
    """What could not be opened is missing, whatever else is."""
    assert "unreadable files or directories (1)" in told((Kind.UNREADABLE, 1), (Kind.DUPLICATE, 9))
