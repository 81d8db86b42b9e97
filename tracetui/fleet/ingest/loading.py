"""Loads recordings into a store, group by group: known files are skipped, and nothing is lost."""

from collections.abc import Sequence

from msgspec import Struct, field

from tracetui.fleet.ingest.codeowners import Codeowners
from tracetui.fleet.ingest.groups import groups, unread
from tracetui.fleet.ingest.reading import read
from tracetui.fleet.store.loads import Sink
from tracetui.ingest.loading import Watch, within


class Loaded(Struct):
    """The result: `files` were read, with `spans` and `facts`; `skipped` ones were known.

    `refused` says by path why a given file holds no trace.
    """

    files: int = 0
    spans: int = 0
    facts: int = 0
    skipped: int = 0
    refused: dict[str, str] = field(default_factory=dict)


def ingest(
    paths: Sequence[str],
    sink: Sink,
    memory: int | None = None,
    progress: Watch = lambda _done, _of: None,
    *,
    spans: bool = False,
    codeowners: Codeowners | None = None,
) -> Loaded:
    """Load all files of `paths` that the store does not know in their present state.

    With `spans`, all files are read, and all their spans are stored as well. `codeowners`: see `read`.
    """
    everything = groups(paths, sink.owns)
    meant = everything if spans else unread(everything, sink.ledger())
    loaded = Loaded(skipped=sum(len(item.files) for item in everything))
    done, size = 0, sum(item.size for item in meant)
    progress(0, size)
    for group in meant:
        watch = within(progress, done, group.size, size)
        load, refused = read(group, memory, watch, spans=spans, codeowners=codeowners)
        sink.put(load)
        loaded.skipped -= len(group.files)
        loaded.files += len(group.files)
        loaded.spans += sum(unit.spans for unit in load.units.values())
        loaded.facts += len(load.facts)
        loaded.refused |= refused
        done += group.size
        progress(done, size)
    return loaded
