"""Labels survive the printer, the rain and the scanner."""

import pytest

from tracetui.demo.suite.depot import Parcel, label_is_valid


@pytest.mark.parametrize("town", ["Ashby", "Çorlu", "東京", "St. John's [east]"])
def test_a_label_checks_itself(town: str) -> None:
    assert label_is_valid(Parcel(17, town, 1200).label())


@pytest.mark.parametrize("position", range(0, 6, 2))
def test_a_smudged_digit_is_noticed(position: int) -> None:
    label = Parcel(482_913, "Elgin", 750).label()
    smudged = label[:position] + str((int(label[position]) + 1) % 10) + label[position + 1 :]
    assert not label_is_valid(smudged)


def test_labels_are_nearly_unique() -> None:
    labels = {Parcel(number, "Birk", number % 3000).label() for number in range(60_000)}
    assert len(labels) == 60_000
