"""What comes in at the gate goes out in a van."""

import time

import pytest

from tracetui.demo.suite.depot import Depot, Parcel


class TestNightShift:
    """One depot for the whole night."""

    @pytest.mark.parametrize("town", ["Ashby", "Birk", "Corran", "Dunmore"])
    def test_receive(self, night_shift: Depot, town: str) -> None:
        for number in range(12):
            night_shift.receive(Parcel(number, town, 100 + number))
        assert len(night_shift.shelves[town]) == 12

    def test_the_gate_keeps_up(self, night_shift: Depot) -> None:
        before = night_shift.weight("Elgin")
        for number in range(20):
            night_shift.receive(Parcel(number, "Elgin", 250))
        assert night_shift.weight("Elgin") - before == 20 * 250


def test_the_lightest_go_first(depot: Depot) -> None:
    depot.receive(Parcel(9, "Ashby", 90))
    assert [parcel.number for parcel in depot.load("Ashby", 100)] == [9]


def test_what_was_loaded_is_gone(depot: Depot) -> None:
    depot.load("Birk", 10_000)
    time.sleep(0.2)
    assert depot.shelves["Birk"] == []


def test_a_van_is_never_overloaded(depot: Depot) -> None:
    for number in range(6):
        depot.receive(Parcel(20 + number, "Corran", 600))
    van = depot.load("Corran", 2_000)
    assert sum(parcel.grams for parcel in van) <= 2_000
    # This one is red, so that a failure can be looked at: 4 x 600 g do not fit.
    assert len(van) == 4


@pytest.mark.skip(reason="the scales are away for calibration")
def test_scales_agree_with_the_label(depot: Depot) -> None:
    assert depot.weight("Ashby") == 500
