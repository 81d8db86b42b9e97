"""Which tests are known to be flaky, for rows that name them: computed away from the screen's thread."""

from collections.abc import Callable, Hashable, Mapping

from textual.dom import DOMNode

from tracetui.analysis.flaky.fixes import parsed
from tracetui.analysis.flaky.flaky import Flaky
from tracetui.analysis.flaky.known import fingerprint, known_flaky
from tracetui.settings import Settings
from tracetui.ui.app.appearance import Appearance
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.feed.reading import Reading

FlakyTests = Mapping[str, Flaky]


class KnownFlaky:
    """Asked with each reading, it gives the flaky tests to `take`, and again when there is new evidence."""

    def __init__(self, node: DOMNode, take: Callable[[FlakyTests], None]) -> None:
        self._node = node
        self._latest = LatestOnly[Reading, FlakyTests](node, self._work, take)
        self._known: Hashable = None

    def ask(self, reading: Reading) -> None:
        """Compute them, if there is new evidence."""
        now = fingerprint(reading.findings)
        if now != self._known:
            self._known = now
            self._latest.ask(reading, rested=True)

    def _work(self, reading: Reading) -> FlakyTests:
        app = self._node.app
        settings = app.settings if isinstance(app, Appearance) else Settings()
        return known_flaky(reading.findings, parsed((), settings.fixed))
