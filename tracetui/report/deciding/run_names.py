"""What single runs are called on pages and in JSON."""

from tracetui import units
from tracetui.analysis.history.records import RunHead

REVISION_CELLS = 10


def run_name(head: RunHead) -> str:
    """The id of its pipeline run, as `--run` takes it, else its start in UTC: foreign text.

    `777/2` is the second attempt at pipeline run 777.
    """
    if head.run_id:
        return f"{head.run_id}/{head.attempt}" if head.attempt > 1 else head.run_id
    return units.timestamp(head.start_ns)


def short_revision(revision: str) -> str:
    """As many characters of it as people say: foreign text."""
    return revision[:REVISION_CELLS]
