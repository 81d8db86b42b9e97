"""`.test_durations`, as pytest-split reads it: node ids and seconds.

Source: jerry-git/pytest-split, `plugin.py`: a JSON object, sorted by name. It gives an unknown test the mean
of the others.
"""

import json
from collections.abc import Iterator

from tracetui.analysis.plan.shards import durations_ns
from tracetui.analysis.schedule.recorded import recorded
from tracetui.analysis.schedule.workload import Workload
from tracetui.errors import InputError
from tracetui.export.subject import Subject


def split_durations(subject: Subject) -> Iterator[str]:
    """The document for the chosen run, else for the newest; raises `InputError` if no test ran."""
    workload = recorded(subject.findings.chosen(subject.choice))
    if not workload.items:
        raise InputError(
            "no test ran here: record some with pytest --tracetui=DIR, then export what they took"
        )
    subject.advance(len(subject.rows))
    yield durations(workload) + "\n"


def durations(workload: Workload) -> str:
    """The duration of each test, with its share of the fixtures it needs."""
    took = durations_ns(workload)
    return json.dumps({name: ns / 1e9 for name, ns in took.items()}, sort_keys=True, indent=4)
