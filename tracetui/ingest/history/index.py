"""The records of all runs in some directories; those of ended runs come from an index in the user's cache.

The index holds the records of each run that is over, its files, and the state of these files. Only files that
are new or have changed are read, with those of the runs that they turn out to belong to: of the same trace,
the same run of a pipeline, or the same suite at the same time (a shard that came later). In doubt the index
is rebuilt. Any file of the cache may be deleted at any time.
"""

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from msgspec.structs import replace
from platformdirs import user_cache_path

from tracetui.analysis.history.records import Records, RunHead, joined
from tracetui.errors import InputError
from tracetui.ingest.history.indexed import Indexed, Place, Stamp, dump, restore
from tracetui.ingest.history.reading import read
from tracetui.ingest.kept import put
from tracetui.ingest.loading import Watch, within
from tracetui.ingest.opening import is_stream
from tracetui.sources.files.regular import RACY_NS
from tracetui.sources.files.walk import walk
from tracetui.text import natural

MOST_BYTES = 1 << 30
"""All indexes together, on disk: those that were not used for the longest time leave."""
AT_ONCE = 64 << 20
"""So many bytes of files are read together: memory is bounded by that, whatever a directory holds."""
LIVE = ".logs.jsonl"
"""How files end that say what has begun (see `tracing.live`): a test that was killed may stand only there."""


def history_of(
    paths: Sequence[str], *, cache: bool = True, memory: int | None = None, watch: Watch | None = None
) -> Records:
    """The records of all runs in `paths`, live ones too; raises `InputError` for paths without any.

    Without `cache` all files are read, and nothing is stored; nor is what can be read only once.
    """
    if any(map(is_stream, paths)):
        return _required(read(paths, memory, watch), paths).records
    now_ns = time.time_ns()
    stamps = _look(paths)
    place = _place(paths)
    before = (_kept(place) if cache else None) or Indexed()
    known = _still_true(before, stamps)
    unread = sorted(stamps.keys() - known.files.keys(), key=natural)
    whole = _with(known, unread, stamps, memory, watch)
    _required(whole, paths)
    if cache and (unread or len(known.files) != len(before.files)):
        _keep(place, _lasting(whole, stamps, now_ns))
    return whole.records


def _required(whole: Indexed, paths: Sequence[str]) -> Indexed:
    if not whole.records.heads:
        raise InputError(f"{' '.join(paths)}: no test runs in it; give a directory of span files")
    return whole


def _look(paths: Sequence[str]) -> dict[str, Stamp]:
    """The stamps of all existing files, by path."""
    stamps: dict[str, Stamp] = {}
    for path in paths:
        if not Path(path).exists():
            raise InputError(f"{path}: no such file or directory")
        seen = walk(path).files.values() if Path(path).is_dir() else ()
        statuses = {entry.path: entry.status for entry in seen} or {path: Path(path).stat()}
        if Path(path).is_dir() and not seen:
            continue
        for name, status in statuses.items():
            stamps[name] = Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    return stamps


def _still_true(indexed: Indexed, stamps: dict[str, Stamp]) -> Indexed:
    """The valid part of an index: runs without a changed file that share none with a run that has one."""
    fresh = {path for path, stamp in indexed.files.items() if stamps.get(path) == stamp}
    kept = list(range(len(indexed.places)))
    while gone := {number for number in kept if not fresh.issuperset(indexed.places[number].files)}:
        fresh.difference_update(*(indexed.places[number].files for number in gone))
        kept = [number for number in kept if number not in gone]
    return _some(indexed, kept, fresh)


def _some(indexed: Indexed, runs: Sequence[int], files: Iterable[str]) -> Indexed:
    is_all = len(runs) == len(indexed.places)
    records = indexed.records if is_all else indexed.records.only(runs)
    places = [indexed.places[number] for number in runs]
    return Indexed(records, places, {path: indexed.files[path] for path in files})


def _with(
    known: Indexed,
    unread: Sequence[str],
    stamps: dict[str, Stamp],
    memory: int | None,
    watch: Watch | None,
) -> Indexed:
    """The known runs, and those in files that were not read yet; `watch` follows the reading."""
    before, total = 0, sum(stamps[path].size for path in unread)
    for some in in_parts(unread, {path: stamps[path].size for path in unread}):
        paths = [*some, *_loose(known)]
        size = sum(stamps[path].size for path in some)
        part = read(paths, memory, within(watch, before, size, total))
        before += size
        while akin := _akin(known, part):
            again = {path for number in akin for path in known.places[number].files}
            known = _without(known, akin, again)
            paths = sorted({*paths, *again}, key=natural)
            part = read(paths, memory)
        files = known.files | {path: stamps[path] for path in paths}
        known = _joined(known, replace(part, files=files))
    return known


def in_parts(paths: Sequence[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """The paths in their order, in parts of a limited size in bytes, but at least one file."""
    part: list[str] = []
    size = 0
    for path in paths:
        if part and size + sizes[path] > AT_ONCE:
            yield part
            part, size = [], 0
        part.append(path)
        size += sizes[path]
    if part:
        yield part


def _loose(known: Indexed) -> set[str]:
    """Files with a beginning but no run: they may be part of a run in other files."""
    begun = {path for path in known.files if path.endswith(LIVE)}
    return begun - {path for place in known.places for path in place.files}


def _akin(known: Indexed, part: Indexed) -> set[int]:
    """The known runs, with those that share a file with them, that belong to runs of a part."""
    traces = {trace for place in part.places for trace in place.traces}
    pipelines = {(head.run_id, head.attempt) for head in part.records.heads if head.run_id}
    alone = [head for head in part.records.heads if not head.run_id]
    shared = {
        number
        for number, (head, place) in enumerate(zip(known.records.heads, known.places, strict=True))
        if not traces.isdisjoint(place.traces)
        or (head.run_id and (head.run_id, head.attempt) in pipelines)
        or (not head.run_id and any(_beside(head, other) for other in alone))
    }
    return _sharing(known.places, shared)


def _beside(one: RunHead, other: RunHead) -> bool:
    """Whether two runs may be shards of one: of one suite, at the same time."""
    return one.kind == other.kind and one.start_ns < other.end_ns and other.start_ns < one.end_ns


def _sharing(places: Sequence[Place], runs: set[int]) -> set[int]:
    """These runs, and all that share any file with one of them."""
    while True:
        files = {path for number in runs for path in places[number].files}
        more = {number for number, place in enumerate(places) if not files.isdisjoint(place.files)}
        if more <= runs:
            return runs
        runs |= more


def _without(known: Indexed, runs: set[int], files: set[str]) -> Indexed:
    left = [number for number in range(len(known.places)) if number not in runs]
    return _some(known, left, known.files.keys() - files)


def _joined(known: Indexed, part: Indexed) -> Indexed:
    """Both together, in order of the runs' starts; the files are those of the part."""
    records = joined([known.records, part.records])
    places = [*known.places, *part.places]
    heads = [*known.records.heads, *part.records.heads]
    order = sorted(range(len(places)), key=lambda number: heads[number].start_ns)
    return Indexed(records, [places[number] for number in order], part.files)


def _lasting(whole: Indexed, stamps: dict[str, Stamp], now_ns: int) -> Indexed:
    """The part worth storing: no live run, and no file that changed so lately that a change could go
    unseen.
    """
    heads = whole.records.heads
    racy = {
        path for path, stamp in stamps.items() if now_ns - max(stamp.modified_ns, stamp.changed_ns) < RACY_NS
    }
    passing = {number for number, head in enumerate(heads) if head.state == "live"}
    passing |= {number for number, place in enumerate(whole.places) if not racy.isdisjoint(place.files)}
    passing = _sharing(whole.places, passing)
    files = {path for number in passing for path in whole.places[number].files} | racy
    return _without(whole, passing, files & whole.files.keys())


def _place(paths: Sequence[str]) -> Path:
    names = "\0".join(sorted(os.path.realpath(path) + "\0" + path for path in paths))
    name = blake2b(os.fsencode(names), digest_size=16).hexdigest()
    return user_cache_path("tracetui") / "history" / f"{name}.runs"


def _kept(place: Path) -> Indexed | None:
    try:
        if place.stat().st_size > MOST_BYTES:
            return None
        data = place.read_bytes()
        os.utime(place)
    except OSError:
        return None
    return restore(memoryview(data))


def _keep(place: Path, indexed: Indexed) -> None:
    """Write the index; errors of writing are ignored."""
    with contextlib.suppress(OSError, ValueError):
        put(place, dump(indexed), MOST_BYTES)
