"""Recordings written, read and exported, without a command line."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from tests.builders import T0, Json, S, line
from tracetui.analysis.study.findings import Findings, study
from tracetui.export.formats import FORMATS
from tracetui.export.nesting import Nested, nested
from tracetui.export.subject import Subject, subject
from tracetui.export.tracks import Lanes, lanes_of_all
from tracetui.ingest import load
from tracetui.model.role import Outcome, Role

LATER = T0 + 3600 * S


class Exported(NamedTuple):
    """A document, and what it could not carry."""

    text: str
    notes: str

    @property
    def json(self) -> Any:
        """The document as JSON."""
        return json.loads(self.text)


def exported(path: Path, to: str, *more: Path) -> Exported:
    """What is in `path`, and `more`, as another tool's file."""
    what = subject_of(path, *more)
    return Exported("".join(FORMATS[to](what)), what.said())


def subject_of(*paths: Path) -> Subject:
    """What is in `paths`, to be exported."""
    ingest = load(list(map(str, paths)))
    return subject(study(ingest.table.snapshot(), LATER), None, ingest.span)


def written(path: Path, *spans: Json) -> Path:
    """A file that holds some spans."""
    path.write_bytes(line(*spans))
    return path


def placed(path: Path) -> tuple[Findings, Lanes, Nested]:
    """What is in `path`, on tracks."""
    what = subject_of(path)
    lanes = lanes_of_all(what.findings)
    return what.findings, lanes, nested(what, lanes)


def durations_of(path: Path) -> Counter[tuple[str, str, int]]:
    """Each test with its outcome and what it took, in ns, as we read it."""
    findings = study(load([str(path)]).table.snapshot(), LATER)
    snapshot = findings.snapshot
    return Counter(
        (snapshot.title(row), Outcome(int(snapshot.outcome[row])).label, int(findings.times.total[row]))
        for row in findings.tests.tolist()
        if snapshot.role[row] == Role.TEST
    )
