"""Names of lanes: their workers', preceded, if two share a name, by what distinguishes their suites."""

from collections import Counter

from tracetui.analysis.assignment.block_lanes import Division
from tracetui.analysis.runs.apart import names_apart
from tracetui.store.snapshot import Snapshot


def lane_names(snapshot: Snapshot, division: Division) -> list[str]:
    """A unique name for each share, foreign text: `gw0`; if there are several, `shard 1/2:gw0`."""
    workers = Counter((share.worker, share.packed) for share in division.shares)
    if max(workers.values(), default=0) < 2:
        return [share.worker for share in division.shares]
    labels = _labels(snapshot, division)
    return [
        f"{labels[share.home]}:{share.worker}"
        if labels[share.home] and workers[share.worker, share.packed] > 1
        else share.worker
        for share in division.shares
    ]


def _labels(snapshot: Snapshot, division: Division) -> dict[int, str]:
    """By home of a share, the name of its suite among the others, as everywhere else."""
    homes = {share.home for share in division.shares}
    order = sorted(homes, key=lambda home: int(snapshot.start_ns[division.first[home]]))
    rows = [_row(division, home) for home in order]
    return dict(zip(order, names_apart(snapshot, rows), strict=True))


def _row(division: Division, home: int) -> int:
    return int(division.suite[home]) if division.suite[home] >= 0 else int(division.first[home])
