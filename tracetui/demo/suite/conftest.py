"""A fixture of every scope."""

import time
from collections.abc import Iterator

import pytest

from tracetui.demo.suite.depot import Depot, NoteIndex, Parcel
from tracetui.demo.suite.roads import TOWNS, RoadMap, survey


@pytest.fixture(scope="session")
def road_map() -> RoadMap:
    return survey()


@pytest.fixture(scope="package")
def building() -> Iterator[str]:
    time.sleep(0.4)
    yield "depot 1"
    time.sleep(0.2)


@pytest.fixture(scope="module")
def notes(building: str) -> NoteIndex:
    doors = ("blue", "green", "old", "glass", "back")
    lines = [
        f"{town}: leave it at the {doors[n % 5]} door, ring {n % 7} times"
        for n in range(4000)
        for town in TOWNS
    ]
    time.sleep(0.3)
    return NoteIndex(lines)


@pytest.fixture(scope="class")
def night_shift(building: str) -> Iterator[Depot]:
    depot = Depot(scan_s=0.05)
    time.sleep(0.3)
    yield depot
    time.sleep(0.1)


@pytest.fixture
def depot() -> Depot:
    depot = Depot()
    for number, town in enumerate(TOWNS[:4]):
        depot.receive(Parcel(number, town, 500 + 700 * number))
    return depot
