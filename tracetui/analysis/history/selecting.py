"""Selects some of many runs: those of a job, of a branch, or up to a run."""

from collections.abc import Sequence

from tracetui.analysis.history.records import Records
from tracetui.analysis.runs.choosing import one_of
from tracetui.errors import InputError


def of_job(records: Records, text: str) -> Records:
    """The runs of one job, or of one suite: by its name, or a part that no other has.

    Raises `InputError` if that names none, or several.
    """
    kinds = sorted({head.kind for head in records.heads})
    names = [" ".join(filter(None, kind)) for kind in kinds]
    kind = kinds[one_of("job", text, names, lambda place: kinds[place])]
    return records.only([number for number, head in enumerate(records.heads) if head.kind == kind])


def branches(records: Records) -> tuple[str, ...]:
    """The branches of the runs, sorted: foreign texts."""
    return tuple(sorted({head.branch for head in records.heads} - {""}))


def branch_called(records: Records, text: str) -> str:
    """The branch that `text` means: its name, or a part that no other has.

    Raises `InputError` if that names none, or several.
    """
    names = branches(records)
    if not names:
        raise InputError("no run here tells its branch (vcs.ref.head.name): leave --branch out")
    return names[one_of("branch", text, names, lambda place: (names[place],), 0)]


def of_branch(records: Records, branch: str) -> Records:
    """The runs of one branch; runs with an unknown branch are excluded."""
    return records.only([number for number, head in enumerate(records.heads) if head.branch == branch])


def up_to(records: Records, text: str) -> Records:
    """The runs up to one: `newest`, its place (1 began last), its label or revision, or a part of its label.

    Raises `InputError` if that names none, or several.
    """
    newest_first = records.heads[::-1]
    if text in ("newest", "all"):
        return records

    def ids(place: int) -> Sequence[str]:
        head = newest_first[place]
        return head.run_id, head.label, head.revision

    place = one_of("run", text, [head.label for head in newest_first], ids)
    last = newest_first[place].start_ns
    return records.only([number for number, head in enumerate(records.heads) if head.start_ns <= last])
