"""Rounds on both sides: in which order, and what is judged where the time is up before the last."""

import time
from pathlib import Path

import pytest

from tests.analysis.compare.recorded import HEAD, runs
from tests.builders import S
from tracetui.analysis.compare.comparison import Verdict
from tracetui.analysis.compare.suspects import Suspect, Suspects
from tracetui.analysis.history.records import Records
from tracetui.rerun import confirming
from tracetui.rerun.confirming import Confirmer
from tracetui.rerun.worktrees import Checkout


class Machine:
    """Stands in for running: each run takes `each_s`, by a clock that only runs move."""

    def __init__(self, each_s: float) -> None:
        self.each_s = each_s
        self.now = 0.0
        self.ran: list[str] = []

    def run(self, _command: object, checkout: Checkout, _spans: Path, _name: str, _only: object) -> float:
        self.now += self.each_s
        self.ran.append(checkout.commit)
        return self.each_s

    def read(self, directory: Path) -> Records:
        """As many runs as there were; in the new ones all take twice as long."""
        count = self.ran.count(directory.name) - 1
        took = (2 if directory.name == "new" else 1) * S
        return runs(*({f"t{n}": took + run for n in range(6)} for run in range(count)), heads=[HEAD] * count)


def confirmer(machine: Machine, spans: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> Confirmer:
    monkeypatch.setattr(confirming, "run_traced", machine.run)
    monkeypatch.setattr(time, "monotonic", lambda: machine.now)
    pair = [Checkout(name, spans, spans) for name in ("base", "new")]
    return Confirmer(["x"], pair, spans, machine.read, said.append)


SIX = Suspects(tuple(Suspect(f"t{number}", 3 * S) for number in range(6)), 60 * S, 1, ())


def test_sides_take_turns_and_the_first_is_another_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After one run of each that does not count: a machine that gets slower favours neither."""
    machine, said = Machine(1.0), list[str]()
    found = confirmer(machine, tmp_path, monkeypatch, said).confirm(SIX)
    assert machine.ran == ["base", "new"] + ["base", "new", "new", "base"] * 2 + ["base", "new"]
    assert (found.rounds, found.suspects, found.unaffordable) == (5, 6, 0)
    assert {row.verdict for row in found.comparison.rows} == {Verdict.SLOWER}
    assert (found.suite_s, found.spent_s) == (60, 12)
    assert said[-1] == "round 5 of 5: base 1.0s, new 1.0s"


def test_where_the_time_is_up_the_first_are_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four rounds cannot judge six tests, but the one that matters most."""
    machine, said = Machine(1.0), list[str]()
    slow = confirmer(machine, tmp_path, monkeypatch, said)
    machine.ran = ["base", "new"]
    monkeypatch.setattr(slow, "_warm_up", lambda _suspects: 0.0)
    machine.each_s = 13.0
    found = slow.confirm(SIX)
    assert (found.rounds, found.suspects, found.unaffordable) == (4, 1, 5)
    assert [(row.subject.name, row.verdict) for row in found.comparison.rows] == [("t0", Verdict.SLOWER)]
    assert said[-1] == "the time is up"


def test_as_many_rounds_as_are_wanted_are_run_as_far_as_time_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit counts for them too, and is as long as it is wanted."""
    machine, said = Machine(6.0), list[str]()
    found = confirmer(machine, tmp_path, monkeypatch, said).confirm(SIX, 20)
    assert (found.rounds, said[-1]) == (9, "the time is up")
    assert found.spent_s <= confirming.LEAST_BUDGET_S
    machine = Machine(6.0)
    found = confirmer(machine, tmp_path, monkeypatch, []).confirm(SIX, 20, 1000 * S)
    assert (found.rounds, found.suspects) == (20, 6)
    machine = Machine(6.0)
    found = confirmer(machine, tmp_path, monkeypatch, []).confirm(SIX, most_ns=70 * S)
    assert (found.rounds, found.suspects, found.spent_s) == (4, 1, 60)
