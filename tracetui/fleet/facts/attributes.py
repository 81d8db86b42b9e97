"""The attributes of spans, as expressions: the names of `model.ci_names`, in their order."""

from collections.abc import Sequence
from typing import Any

from tracetui.model.ci_names import (
    ATTEMPTS,
    BRANCHES,
    CORES,
    IMAGES,
    JOB_NAMES,
    MACHINES,
    OWNERS,
    PIPELINES,
    REPOSITORIES,
    REQUESTS,
    RETRIES,
    REVISIONS,
    RUN_IDS,
    RUNNERS,
    VARIANTS,
)

_NAMES = {
    "repository": REPOSITORIES,
    "branch": BRANCHES,
    "revision": REVISIONS,
    "pipeline": PIPELINES,
    "task": JOB_NAMES,
    "request": REQUESTS,
    "image": IMAGES,
    "owner": OWNERS,
}
_SHARD_AT_END = r"\s[\[(]?[0-9]{1,4}\s?/\s?[0-9]{1,4}[\])]?$"


class Told:
    """The attributes of the spans of a relation with the Collector's columns.

    What a resource lacks, its spans may have: resmoke copies its baggage onto each.
    """

    def __init__(self, spans: Any) -> None:
        self._span, self._resource = spans.SpanAttributes, spans.ResourceAttributes

    def of_span(self, *keys: str) -> Any:
        """The first existing one of a span's own attributes, else an empty text."""
        return _first([self._span.get(key, "") for key in keys])

    def of_job(self, keys: Sequence[str]) -> Any:
        """The first one in its resource, else the first of its own."""
        maps = (self._resource, self._span)
        return _first([attributes.get(key, "") for attributes in maps for key in keys])

    def job(self) -> dict[str, Any]:
        """Its run and job, and the machine of that job."""
        runtime = self._joined("process.runtime.name", "process.runtime.version")
        system = self._joined("os.type", "host.arch")
        likely = self._joined(system, runtime, self.of_job(MACHINES))
        facts = {name: self.of_job(keys) for name, keys in _NAMES.items()}
        facts["task"] = facts["task"].re_replace(_SHARD_AT_END, "")
        return facts | {
            "run": self.of_job(RUN_IDS),
            "attempt": self._attempt(),
            "variant": _first([self.of_job(VARIANTS), likely]),
            "runner": self.of_job((*RUNNERS, "host.name")),
            "cores": self.of_job(CORES).nullif("").try_cast("float64"),
        }

    def _joined(self, *parts: Any) -> Any:
        """Attributes and texts, with a blank between those that exist."""
        texts = [self.of_job((part,)) if isinstance(part, str) else part for part in parts]
        whole = texts[0]
        for text in texts[1:]:
            whole = whole + " " + text
        return whole.strip().re_replace(r" +", " ")

    def _attempt(self) -> Any:
        import ibis

        attempt = number(self.of_job(ATTEMPTS))
        retried = self.of_job(RETRIES).nullif("").try_cast("int64") + 1
        return ibis.coalesce(attempt.nullif(0), retried, ibis.literal(1, type="int64"))


def number(text: Any) -> Any:
    """A text as an integer, 0 if it is not one."""
    return text.nullif("").try_cast("int64").fill_null(0)


def _first(texts: Sequence[Any]) -> Any:
    import ibis

    return ibis.coalesce(*(text.nullif("") for text in texts), ibis.literal(""))
