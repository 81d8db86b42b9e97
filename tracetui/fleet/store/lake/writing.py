"""A lake for loading: each load is a manifest with files of its own; a unit is in one manifest."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from tracetui.fleet.store.address import Address
from tracetui.fleet.store.lake import files
from tracetui.fleet.store.lake.commits import Commits, new_name, told
from tracetui.fleet.store.lake.compaction import compacted
from tracetui.fleet.store.lake.manifests import DIRECTORY, Manifest, manifests
from tracetui.fleet.store.loads import Ledger, Load


class LakeSink:
    """A lake, open for loading; its directory is created if it is missing."""

    def __init__(self, where: Address) -> None:
        self._lake = Path(where.path)
        self._lake.mkdir(parents=True, exist_ok=True)
        self._commits = Commits(self._lake)

    def owns(self, path: str) -> bool:
        """Whether it is a file of rows, or a manifest."""
        try:
            parts = Path(path).relative_to(self._lake.absolute()).parts
        except ValueError:
            return False
        return parts[0] == DIRECTORY or (len(parts) > 1 and parts[1].startswith("date="))

    def create(self) -> None:
        """Do nothing: everything exists already."""

    def ledger(self) -> Ledger:
        """What was loaded."""
        return self._commits.ledger()

    def put(self, load: Load) -> int:
        """Store a load, all of it or nothing; returns the number of new facts."""
        with self._commits.alone():
            current = manifests(self._lake)
            news = self._commits.ledger(current).news(load.units)
            touched = [present for present in current if not news.isdisjoint(present.units)]
            name = new_name("load")
            kept = [file for present in touched for file in self._freed(present, news, name)]
            tables = {"facts": load.facts, "spans": load.spans}
            fresh = {key: files.only(table, news) for key, table in tables.items() if table is not None}
            written = [
                files.write(self._lake, relation, day, name, rows)
                for relation, table in fresh.items()
                for day, rows in files.by_date(table)
            ]
            units = {key: unit for key, unit in load.units.items() if key in news}
            manifest = Manifest(name, (*kept, *written), **told(units, load.files))
            self._commits.commit(manifest.with_all_of(touched), touched)
        return len(fresh["facts"])

    def _freed(self, manifest: Manifest, units: set[str], name: str) -> Iterable[str]:
        """The files of a manifest; those with rows of `units` are rewritten without them."""
        for number, file in enumerate(manifest.files):
            if units.isdisjoint(files.units_in(self._lake, file)):
                yield file
                continue
            rows = files.without(files.read(self._lake, file), units)
            if rows.num_rows:
                rest = f"{name}-{manifest.name[-12:]}-{number}"
                yield files.write(self._lake, *files.place(file), rest, rows)

    def compact(self) -> tuple[int, int]:
        """Join many small files into few large ones; returns the numbers of files before and after."""
        with self._commits.alone():
            return compacted(self._lake, self._commits)

    def prune(self, before: dt.date) -> int:
        """Drop the files of the days before a date; the store remembers them as loaded, so they do not
        return.
        """
        import pyarrow.parquet as pq

        dropped = 0
        with self._commits.alone():
            for manifest in manifests(self._lake):
                old = {file for file in manifest.files if files.place(file)[1] < before.isoformat()}
                if not old:
                    continue
                dropped += sum(
                    pq.ParquetFile(self._lake / file).metadata.num_rows
                    for file in old
                    if file.startswith("facts/")
                )
                left = tuple(file for file in manifest.files if file not in old)
                changed = Manifest(new_name("pruned"), left, manifest.units, manifest.sources)
                self._commits.commit(changed, [manifest])
                for file in old:
                    (self._lake / file).unlink(missing_ok=True)
            self._commits.sweep()
        return dropped

    def close(self) -> None:
        """Remove files that have been invalid for a while."""
        with self._commits.alone():
            self._commits.sweep()
