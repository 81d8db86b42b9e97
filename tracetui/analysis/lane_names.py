"""What lanes are called: as their workers; of two of one name, what tells them apart stands before it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from tracetui.analysis.division import Division
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot


def lane_names(snapshot: Snapshot, division: Division) -> list[str]:
    """A name for each share, foreign text, no two alike: `gw0`, or `1/2:gw0` where there are several."""
    workers = Counter((share.worker, share.packed) for share in division.shares)
    shared = [share.home for share in division.shares if workers[share.worker, share.packed] > 1]
    homes = sorted(set(shared), key=lambda home: int(snapshot.start_ns[division.first[home]]))
    labels = _labels(snapshot, division, homes)
    return [
        f"{labels[share.home]}:{share.worker}" if workers[share.worker, share.packed] > 1 else share.worker
        for share in division.shares
    ]


def natural(name: str) -> tuple[tuple[str, int, str], ...]:
    """A key to sort by: gw2 before gw10, part by part."""
    return tuple(map(_natural, name.split(":")))


def _natural(name: str) -> tuple[str, int, str]:
    head = name.rstrip("0123456789")
    digits = name[len(head) :]
    return head, int(digits[:18] or 0), name


def _row(division: Division, home: int) -> int:
    return int(division.suite[home]) if division.suite[home] >= 0 else int(division.first[home])


def _labels(snapshot: Snapshot, division: Division, homes: Sequence[int]) -> dict[int, str]:
    """What tells `homes` apart: shard, job, host or directory, the suite's title; else their order."""
    rows = [_row(division, home) for home in homes]
    for told in (*(_telling(snapshot, rows, tell) for tell in _TELLING), _directories(snapshot, rows)):
        if all(told) and len(set(told)) == len(told):
            return dict(zip(homes, told, strict=True))
    return {home: str(number) for number, home in enumerate(homes, 1)}


_TELLING: tuple[Callable[[Snapshot, int], str], ...] = (
    lambda snapshot, row: snapshot.resource(row).shard,
    lambda snapshot, row: snapshot.resource(row).job,
    lambda snapshot, row: snapshot.title(row) if snapshot.role[row] == Role.SUITE else "",
    lambda snapshot, row: snapshot.resource(row).host,
)


def _telling(snapshot: Snapshot, rows: Sequence[int], tell: Callable[[Snapshot, int], str]) -> list[str]:
    return [tell(snapshot, row) for row in rows]


def _directories(snapshot: Snapshot, rows: Sequence[int]) -> list[str]:
    """The first part in which the paths of their files' directories differ."""
    paths = [snapshot.sources[snapshot.origin(row).source].split("/")[:-1] for row in rows]
    return list(_first_difference(paths))


def _first_difference(paths: Sequence[Sequence[str]]) -> Iterator[str]:
    shortest = min(map(len, paths), default=0)
    at = next((at for at in range(shortest) if len({path[at] for path in paths}) > 1), shortest)
    return (path[at] if at < len(path) else "" for path in paths)
