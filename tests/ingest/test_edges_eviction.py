"""The ceiling of memory, at its edge."""

import pytest

from tests.builders import line, span
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.ingest.memory.eviction import Eviction
from tracetui.store.logs import LogIndex
from tracetui.store.table import SpanTable


@pytest.mark.parametrize(("below", "judged"), [(-1, 0), (0, 0), (1, 1)])
def test_what_fits_is_not_judged(below: int, judged: int) -> None:
    """A ceiling that is just reached holds; a byte less, and somebody has to go."""
    table, reader = SpanTable(), OtlpJson()
    reader.feed(line(span("a")))
    table.append(table.add_source("x"), reader.take())
    asked: list[int] = []
    Eviction(table, LogIndex(), table.bytes - below).keep(lambda: asked.append(1))
    assert len(asked) == judged
