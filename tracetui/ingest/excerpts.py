"""The first bytes of invalid input, for display."""

from contextlib import suppress

from tracetui.errors import InputError
from tracetui.model.batch import SpanBatch
from tracetui.model.kind import Kind
from tracetui.sources.unpacking.compressed import Unpacked
from tracetui.store.health import EXCERPT_BYTES, MOST_EXAMPLES, Health


def excerpts(health: Health, source: Unpacked, batch: SpanBatch) -> None:
    """Give the first problems of each kind an excerpt, while `health` still needs examples."""
    lists = (batch.rejected, batch.torn, batch.noted)
    for default, problems in zip((Kind.REJECTED, Kind.TORN, Kind.WRONG_TYPE), lists, strict=True):
        for place, problem in enumerate(problems[:MOST_EXAMPLES]):
            if health.room(problem.kind or default):
                length = min(problem.length or EXCERPT_BYTES, EXCERPT_BYTES, source.size - problem.offset)
                with suppress(InputError):
                    problems[place] = problem._replace(excerpt=source.read_at(problem.offset, length))
