"""Whether those who wrote the sources still do: by their heartbeats, else by how old what they wrote is."""

from collections.abc import Sequence

from tracetui.sources.compressed import Unpacked
from tracetui.sources.writers import is_alive
from tracetui.store.table import SpanTable


def is_written(number: int, sources: Sequence[Unpacked], table: SpanTable, now_ns: int) -> bool:
    """Whether source `number`, of which `table` holds what was read, still has a writer at `now_ns`."""
    beat = table.heartbeats.get(number)
    if beat is None:
        # A copy is younger than what it tells.
        heard_ns = min(sources[number].modified_ns, table.newest_ns(number))
        return is_alive(0, "", "", heard_ns, now_ns)
    # A writer starts a new file when one grows long: it was last heard of in the newest.
    writer = (beat.pid, beat.host, beat.boot_id)
    beats = table.heartbeats.values()
    heard_ns = max(each.time_ns for each in beats if (each.pid, each.host, each.boot_id) == writer)
    return is_alive(*writer, heard_ns, now_ns)
