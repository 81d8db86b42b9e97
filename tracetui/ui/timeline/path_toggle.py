"""The critical path over a timeline: computed away from the screen's thread, and only while it is shown."""

import weakref

from tracetui import units
from tracetui.analysis.critical_path.overlay import Overlay, overlay
from tracetui.analysis.study.findings import Findings
from tracetui.text import Safe, sanitize
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.timeline.timeline import Timeline

NEVER_SAVED = "what would be saved is never a segment's length"


class PathTimeline(Timeline):
    """A timeline with the critical path marked, if shown; for a moment it may be an older reading's."""

    def __init__(self) -> None:
        super().__init__()
        self._with_path = False
        self._path: Overlay | None = None
        self._path_of: weakref.ref[Findings] | None = None
        self._paths = LatestOnly[Findings, Overlay](self, overlay, self._take_path)

    @property
    def _untimed(self) -> list[Safe]:
        why = self.reading.findings.no_timeline if self.reading else ""
        return [sanitize(why)] if why else []

    def empty(self) -> list[Safe]:
        """Why nothing can be drawn, if only durations are known."""
        return self._untimed

    def path(self, findings: Findings) -> Overlay | None:
        """The overlay for findings, if shown; if it is not of these, it soon will be."""
        if not self._with_path:
            return None
        if self._path_of is None or self._path_of() is not findings:
            self._path_of = weakref.ref(findings)
            self._paths.ask(findings, rested=self._path is not None)
        return self._path

    def action_critical_path(self) -> None:
        """Toggle the critical path; everything not on it is dimmed."""
        self._with_path = not self._with_path
        self._path = self._path_of = None
        self.changed()

    def _take_path(self, path: Overlay) -> None:
        if self._with_path:
            is_new, self._path = self._path is None, path
            self.changed()
            if is_new:
                self.notify(next(iter(self._untimed), _told(path)), timeout=4, markup=False)


def _told(path: Overlay) -> str:
    if not path.path.segments:
        return "no critical path: there are no tests, hooks or archivers here"
    return f"critical path {units.duration(path.path.total_ns)}; {NEVER_SAVED}"
