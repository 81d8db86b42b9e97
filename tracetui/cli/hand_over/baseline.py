"""A run against the runs that `--baseline` names."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracetui.analysis.compare.comparison import Comparison
    from tracetui.analysis.study.findings import Findings


def comparison(findings: "Findings", baseline: Sequence[str]) -> "Comparison | None":
    """What changed; None without a baseline."""
    if not baseline:
        return None
    from tracetui.analysis.compare.comparison import compare
    from tracetui.analysis.history.run_records import records
    from tracetui.cli.views import all_runs

    return compare(all_runs(baseline), records(findings, findings.choice))
