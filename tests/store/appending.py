"""Appends records to a store."""

from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable


def append(store: SpanTable, data: bytes, source: int = 0) -> Snapshot:
    reader = OtlpJson()
    reader.feed(data)
    reader.finish()
    store.append(source, reader.take(), len(data))
    return store.snapshot()
