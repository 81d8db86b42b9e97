"""`tracetui report --format html`: one page, with the directory's history and the baseline's comparison."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tracetui.cli.hand_over.baseline import comparison
from tracetui.cli.hand_over.output import deliver

if TYPE_CHECKING:
    from tracetui.analysis.history.over_runs import HistoryValue
    from tracetui.analysis.query.filters.lens import Lens
    from tracetui.analysis.study.findings import Findings
    from tracetui.ingest import Ingest


def write_html(
    ingest: "Ingest",
    findings: "Findings",
    lens: "Lens | None",
    path: Path | None,
    paths: Sequence[str],
    baseline: Sequence[str],
) -> None:
    """Write the page of a run."""
    from tracetui.report.html.contents import Contents, looked_at
    from tracetui.report.html.document import document

    contents = Contents(
        looked_at(findings), ingest.span, lens, comparison(findings, baseline), _history(findings, paths)
    )
    deliver(document(contents), path)


def _history(findings: "Findings", paths: Sequence[str]) -> "HistoryValue | None":
    """What changed over the runs of the directories; None if there are no earlier ones."""
    if len(findings.runs) < 2 or not all(Path(path).is_dir() for path in paths):
        return None
    from tracetui.analysis.history.over_runs import value
    from tracetui.cli.views import all_runs

    return value(all_runs(paths))
