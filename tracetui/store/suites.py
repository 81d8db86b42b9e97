"""What suites say of themselves beside their columns, by the key of their span."""

from itertools import compress

import msgspec
import numpy as np

from tracetui.model.batch import SpanBatch
from tracetui.model.numbers.ids import Ids
from tracetui.model.resource_facts import NOTHING_TOLD, ResourceFacts
from tracetui.store.joining.keys import are_among


class Suites(msgspec.Struct):
    """`expected` is how many tests a suite said it would run, `workers` on how many, `jobs` its CI job."""

    expected: dict[int, int] = msgspec.field(default_factory=dict)
    workers: dict[int, int] = msgspec.field(default_factory=dict)
    jobs: dict[int, ResourceFacts] = msgspec.field(default_factory=dict)

    def note(self, keys: Ids, batch: SpanBatch) -> None:
        """Take over what a batch has; `keys` are those of the spans in its lists.

        A suite's last value, after it has collected, is its greatest, whichever record comes first.
        """
        for known, declared in ((self.expected, batch.expected), (self.workers, batch.workers)):
            for place, number in declared.items():
                key = int(keys[place])
                known[key] = max(number, known.get(key, 0))
        for place, job in batch.jobs.items():
            key = int(keys[place])
            self.jobs[key] = job.over(self.jobs.get(key, NOTHING_TOLD))

    def keep(self, keys: Ids) -> None:
        """Forget all suites except those with one of `keys`."""
        for by_key in (self.expected, self.workers, self.jobs):
            there = are_among(np.fromiter(by_key, np.uint64, len(by_key)), keys)
            kept = set(compress(by_key, there.tolist()))
            for key in set(by_key) - kept:
                by_key.pop(key)
