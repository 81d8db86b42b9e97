"""Couriers on the road, several at a time."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tracetui.demo.suite.roads import RoadMap


async def deliver(courier: str, stops: int) -> str:
    for _ in range(stops):
        await asyncio.sleep(0.15)
    return courier


@pytest.mark.parametrize("stops", [3, 6, 9])
def test_couriers_do_not_wait_for_each_other(stops: int) -> None:
    async def day() -> list[str]:
        return await asyncio.gather(*(deliver(name, stops) for name in ("Ida", "Jon", "Kai")))

    assert asyncio.run(day()) == ["Ida", "Jon", "Kai"]


@pytest.mark.parametrize("vans", [1, 2, 4])
def test_more_vans_bring_everything(vans: int) -> None:
    def drive(parcel: int) -> int:
        time.sleep(0.25)
        return parcel

    with ThreadPoolExecutor(vans) as fleet:
        assert sorted(fleet.map(drive, range(8))) == list(range(8))


def test_the_last_mile_is_the_longest(road_map: RoadMap) -> None:
    first = road_map.distance("Ashby", "Birk")
    time.sleep(0.8)
    assert first is not None
    assert first > 0


def test_a_signature_is_kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("signatures")
    for number in range(200):
        (folder / f"{number}.txt").write_text(f"signed for {number}")
    time.sleep(0.5)
    assert len(list(folder.iterdir())) == 200
