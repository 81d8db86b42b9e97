"""Joins many small files of a day into one: a question opens few files, and reads long columns."""

from pathlib import Path

from tracetui.fleet.store.lake import files
from tracetui.fleet.store.lake.commits import Commits, new_name
from tracetui.fleet.store.lake.manifests import Manifest, manifests

LARGE_BYTES = 64 << 20
"""Files of this size are left as they are."""


def compacted(lake: Path, commits: Commits) -> tuple[int, int]:
    """Join the small files of each day, and the manifests of each month.

    Returns the numbers of files before and after. The lake must be `alone`.
    """
    before = manifests(lake)
    months: dict[str, list[Manifest]] = {}
    for manifest in before:
        months.setdefault(_month(manifest), []).append(manifest)
    for month, some in months.items():
        if len(some) > 1 or any(len(small) > 1 for small in _days(lake, some).values()):
            _join(lake, commits, month, some)
    commits.sweep()
    return sum(len(one.files) for one in before), sum(len(one.files) for one in manifests(lake))


def _month(manifest: Manifest) -> str:
    """The month of its first day, empty without files."""
    return min((files.place(file)[1][:7] for file in manifest.files), default="")


def _days(lake: Path, some: list[Manifest]) -> dict[tuple[str, str], list[str]]:
    """The small files by relation and day."""
    days: dict[tuple[str, str], list[str]] = {}
    for file in (file for manifest in some for file in manifest.files):
        if (lake / file).stat().st_size < LARGE_BYTES:
            days.setdefault(files.place(file), []).append(file)
    return days


def _join(lake: Path, commits: Commits, month: str, some: list[Manifest]) -> None:
    import pyarrow as pa

    name = new_name(f"compacted-{month}" if month else "compacted")
    small = {place: names for place, names in _days(lake, some).items() if len(names) > 1}
    joined = {file for names in small.values() for file in names}
    kept = [file for manifest in some for file in manifest.files if file not in joined]
    written = [
        files.write(lake, relation, day, name, pa.concat_tables(files.read(lake, file) for file in names))
        for (relation, day), names in small.items()
    ]
    commits.commit(Manifest(name, (*kept, *written), {}, {}).with_all_of(some), some)
