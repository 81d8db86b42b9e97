"""The export formats by name."""

from collections.abc import Callable, Iterator, Mapping

from tracetui.export.durations import split_durations
from tracetui.export.jaeger import jaeger
from tracetui.export.otlp import otlp
from tracetui.export.perfetto import perfetto
from tracetui.export.speedscope import speedscope
from tracetui.export.subject import Subject
from tracetui.export.tables.as_csv import table

FORMATS: Mapping[str, Callable[[Subject], Iterator[str]]] = {
    "perfetto": perfetto,
    "speedscope": speedscope,
    "jaeger": jaeger,
    "otlp": otlp,
    "csv": table,
    "test-durations": split_durations,
}
