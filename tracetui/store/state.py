"""What a table is made of beside its columns, in a shape that can be written down."""

from collections.abc import Sequence

import msgspec

from tracetui.model.batch import Heartbeat
from tracetui.store.health import Health
from tracetui.store.joining.intern import Origin
from tracetui.store.suites import Suites


class TableState(msgspec.Struct):
    """Everything but the columns, of which there are so many `rows`; `digests` are those of the trace ids."""

    rows: int
    digests: bytes
    traces: Sequence[str]
    texts: Sequence[str]
    origins: Sequence[Origin]
    opaque: dict[int, str]
    heartbeats: dict[int, Heartbeat]
    suites: Suites
    fruitful: set[int]
    newest: dict[int, int]
    sources: Sequence[str]
    health: Health
