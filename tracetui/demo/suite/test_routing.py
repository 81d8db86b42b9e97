"""The shortest way from town to town, and its detours when roads are closed."""

import itertools

import pytest

from tracetui.demo.suite.roads import TOWNS, RoadMap, TrafficService


@pytest.fixture(scope="module")
def traffic() -> TrafficService:
    return TrafficService({("Birk", "Corran")})


@pytest.mark.parametrize(
    ("start", "goal"),
    [("Ashby", "Birk"), ("Ashby", "Girvan"), ("Birk", "Hawick"), ("Corran", "Fairlie"), ("Dunmore", "Elgin")],
)
def test_route(road_map: RoadMap, traffic: TrafficService, start: str, goal: str) -> None:
    there = road_map.distance(start, goal)
    assert traffic.is_open(start, goal)
    assert there is not None
    assert traffic.is_open(goal, start)
    assert road_map.distance(goal, start) == there


@pytest.mark.parametrize("closed", ["Birk-Corran", "Corran-Birk"])
def test_closed_road(traffic: TrafficService, closed: str) -> None:
    here, there = closed.split("-")
    assert not traffic.is_open(here, there)
    assert traffic.is_open(here, "Ashby")


def test_every_town_reaches_every_other(road_map: RoadMap, traffic: TrafficService) -> None:
    pairs = list(itertools.combinations(TOWNS, 2))
    distances = [road_map.distance(here, there) for here, there in pairs]
    assert None not in distances
    # Every second pair only: the traffic office asks us not to call too often.
    assert [pair for pair in pairs[::2] if not traffic.is_open(*pair)] in ([], [("Birk", "Corran")])


def test_no_way_around_is_shorter(road_map: RoadMap, traffic: TrafficService) -> None:
    for middle in TOWNS[1:-1]:
        direct = road_map.distance(TOWNS[0], TOWNS[-1])
        first, second = road_map.distance(TOWNS[0], middle), road_map.distance(middle, TOWNS[-1])
        assert direct is not None
        assert first is not None
        assert second is not None
        assert direct <= first + second
    assert traffic.is_open(TOWNS[0], TOWNS[-1])


def test_an_island_has_no_road(road_map: RoadMap) -> None:
    assert road_map.distance("Ashby", "Islay") is None
