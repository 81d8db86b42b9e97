"""Which tests are known to be flaky from the runs of a recording: for marks beside their names."""

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from tracetui.analysis.flaky.fixes import Fix
from tracetui.analysis.flaky.flaky import Flaky, flakiness
from tracetui.analysis.history.run_records import records
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import BAD, Outcome


def known_flaky(findings: Findings, fixes: Sequence[Fix] = ()) -> Mapping[str, Flaky]:
    """The flaky tests by name (foreign text); of several jobs, as in the one where it fails most often.

    O(n log n); O(1) if there is nothing to compare.
    """
    if not _is_comparable(findings):
        return {}
    tests = flakiness(records(findings, workers=False), fixes).flaky
    return {test.name: test for test in reversed(tests)}


def fingerprint(findings: Findings) -> Hashable:
    """A value that stays the same while there is no new evidence: O(jobs)."""
    outcomes = findings.runs.jobs.outcomes[:, (*BAD, Outcome.RERUN)]
    return (
        findings.written.renewals,
        len(findings.runs),
        int(findings.runs.ended.sum()),
        *outcomes.sum(0).tolist(),
    )


def _is_comparable(findings: Findings) -> bool:
    """Whether anything was rerun, or two jobs may have run the same code."""
    jobs = findings.runs.jobs
    if not len(jobs.row):
        return False
    if np.any(jobs.outcomes[:, Outcome.RERUN]):
        return True
    codes = [facts.revision or facts.run_id for facts in findings.runs.job_facts]
    known = [code for code in codes if code]
    return len(set(known)) < len(known)
