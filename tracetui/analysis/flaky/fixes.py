"""Fixes that someone accepted: what a test did before no longer counts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.records import Records
from tracetui.errors import InputError
from tracetui.settings.fields import LEAST_REVISION
from tracetui.units import US


class Fix(NamedTuple):
    """Test `name` (with all its parameters, unless it names one) works since `revision`, or since a date."""

    name: str
    revision: str

    def is_of(self, test: str) -> bool:
        """Whether it is a fix of `test`."""
        return test == self.name or test.startswith(f"{self.name}[")


def parsed(texts: Sequence[str], settings: Mapping[str, str]) -> tuple[Fix, ...]:
    """Fixes as the command line writes them (`TEST@REVISION`), and as settings do, by name.

    Raises `InputError` for one without a revision or a date.
    """
    fixes = [Fix(*_parts(text)) for text in texts]
    fixes += [Fix(name, part) for name, revisions in settings.items() for part in revisions.split(",")]
    for fix in fixes:
        if len(fix.revision) < LEAST_REVISION:
            raise InputError(
                f"{fix.name}@{fix.revision}: expected TEST@REVISION, at least {LEAST_REVISION} characters "
                "of it, or TEST@2026-11-28"
            )
    return tuple(sorted(set(fixes)))


def _parts(text: str) -> tuple[str, str]:
    name, at, revision = text.rpartition("@")
    return (name, revision) if at else (text, "")


def since_ns(records: Records, fixes: Sequence[Fix]) -> NDArray[np.int64]:
    """By name (a number of `records.texts`), since when its runs count: ns since the epoch, 0 for all."""
    since = np.zeros(len(records.texts), np.int64)
    for fix in fixes:
        at_ns = _fixed_at(records, fix.revision)
        if at_ns is None:
            continue
        for number, test in enumerate(records.texts):
            if fix.is_of(test):
                since[number] = max(since[number], at_ns)
    return since


def unplaced(records: Records, fixes: Sequence[Fix]) -> tuple[Fix, ...]:
    """Fixes at revisions that no run had: nobody can say which runs came before."""
    return tuple(fix for fix in fixes if _fixed_at(records, fix.revision) is None)


def _fixed_at(records: Records, revision: str) -> int | None:
    """When the first run with that revision began, or the date that it is, in UTC unless it says
    otherwise.
    """
    wanted = revision.lower()
    starts = [head.start_ns for head in records.heads if head.revision.lower().startswith(wanted)]
    if starts:
        return min(starts)
    try:
        moment = datetime.fromisoformat(revision)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1_000_000) * US
