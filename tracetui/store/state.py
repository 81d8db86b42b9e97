"""The parts of a table beside its columns, in a form that can be saved."""

from collections.abc import Sequence

import msgspec

from tracetui.model.batch import Heartbeat
from tracetui.store.health import Health
from tracetui.store.joining.intern import Origin
from tracetui.store.suites import Suites


class TableState(msgspec.Struct):
    """Everything except the columns, of which there are `rows` rows; `digests` are those of the trace ids."""

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
