"""What ran beside tests when they failed: computed once for each test, until there are new runs."""

from collections.abc import Hashable

from tracetui.analysis.beside.beside import Suspicion, beside
from tracetui.analysis.flaky.known import fingerprint
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Role


class Company:
    """Caches the results by test; threads that work on different readings may share it."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Hashable, Suspicion]] = {}

    def known(self, findings: Findings, row: int) -> Suspicion | None:
        """What is already known of a row's test, perhaps from earlier runs only."""
        known = self._known.get(int(findings.snapshot.title_id[row]))
        return known[1] if known and findings.snapshot.role[row] == Role.TEST else None

    def of(self, findings: Findings, row: int) -> Suspicion | None:
        """The suspicion about a row's test, None if it is no test: O(n log n), then cached."""
        if findings.snapshot.role[row] != Role.TEST:
            return None
        title, evidence = int(findings.snapshot.title_id[row]), fingerprint(findings)
        known = self._known.get(title)
        if known is None or known[0] != evidence:
            known = self._known[title] = evidence, beside(findings, title, "failed")
        return known[1]
