"""Towns, the roads between them, and the shortest way."""

import heapq
import random
import time
from collections import defaultdict
from itertools import pairwise

TOWNS = ("Ashby", "Birk", "Corran", "Dunmore", "Elgin", "Fairlie", "Girvan", "Hawick")


class RoadMap:
    """An undirected graph with distances in kilometres."""

    def __init__(self) -> None:
        self._roads: dict[str, dict[str, int]] = defaultdict(dict)

    def add(self, here: str, there: str, km: int) -> None:
        self._roads[here][there] = self._roads[there][here] = km

    def close(self, here: str, there: str) -> None:
        del self._roads[here][there], self._roads[there][here]

    def distance(self, start: str, goal: str) -> int | None:
        """Dijkstra's algorithm; None if no road leads there."""
        best = {start: 0}
        queue = [(0, start)]
        while queue:
            km, town = heapq.heappop(queue)
            if town == goal:
                return km
            for neighbour, length in self._roads[town].items():
                if km + length < best.get(neighbour, 1 << 30):
                    best[neighbour] = km + length
                    heapq.heappush(queue, (km + length, neighbour))
        return None


def survey(seed: int = 7) -> RoadMap:
    """A map of the towns, with two hundred hamlets between them; surveying takes its time."""
    rng = random.Random(seed)
    places = [*TOWNS, *(f"hamlet {number}" for number in range(200))]
    roads = RoadMap()
    for here, there in pairwise(places):
        roads.add(here, there, rng.randint(4, 40))
    for _ in range(300):
        here, there = rng.sample(places, 2)
        roads.add(here, there, rng.randint(10, 90))
    time.sleep(0.6)
    return roads


class TrafficService:
    """Where the roads are closed today; a slow service on another floor of the building."""

    latency_s = 0.35

    def __init__(self, closed: set[tuple[str, str]]) -> None:
        self._closed = closed

    def is_open(self, here: str, there: str) -> bool:
        time.sleep(self.latency_s)
        return (here, there) not in self._closed and (there, here) not in self._closed
