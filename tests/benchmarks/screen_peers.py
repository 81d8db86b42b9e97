"""Other screens with the same number of rows, each an app of its own: `screen_peers.py NAME ROWS`.

Each says `READY` in its title line when its rows are there.
"""

import sys
from typing import Any

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Static, Tree

COLUMNS = ("span", "outcome", "own", "total", "bar")


class PeerApp(App[None]):
    """Shows so many rows in some widget, and says when they are there."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows

    def compose(self) -> ComposeResult:
        """A line, and the rows."""
        yield Static("filling", id="state")
        yield from self.widget()

    def widget(self) -> ComposeResult:
        """What has the rows."""
        raise NotImplementedError

    def fill(self) -> None:
        """Adds the rows."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """After the first paint, so that it can be told from the rest."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        self.fill()
        self.query_one("#state", Static).update("READY")


class TableApp(PeerApp):
    """Textual's DataTable."""

    def widget(self) -> ComposeResult:
        """A table with a cursor of rows."""
        yield DataTable(cursor_type="row")

    def fill(self) -> None:
        """As many columns as ours has."""
        table = self.query_one(DataTable)
        table.add_columns(*COLUMNS)
        bar = "█" * 40
        table.add_rows(
            (f"tests/test_{row // 50}.py::test_thing_{row}", "✓", "12.3ms", "14.1ms", bar)
            for row in range(self.rows)
        )
        table.focus()


class TreeApp(PeerApp):
    """Textual's Tree, unfolded."""

    def widget(self) -> ComposeResult:
        """A tree."""
        yield Tree("depot")

    def fill(self) -> None:
        """Fifty rows a branch."""
        tree = self.query_one(Tree)
        branch: Any = tree.root
        for row in range(self.rows):
            if row % 50 == 0:
                branch = tree.root.add(f"tests/test_{row // 50}.py", expand=True)
            branch.add_leaf(f"test_thing_{row}  ✓  12.3ms  14.1ms  {'█' * 40}")
        tree.root.expand()
        tree.focus()


def sonar(rows: int) -> App[Any]:
    """sonar-tui with one trace, which is chosen and unfolded as its user would."""
    from sonar.ingestion.models import Span
    from sonar.ingestion.store import TraceStore
    from sonar.ui.app import SonarApp

    def made(row: int) -> Any:
        parent = "0" if row else None
        name = f"test_thing_{row}" if row else "depot"
        return Span(str(row), "t", parent, name, "depot", row * 1_000_000, (row + 20) * 1_000_000)

    class Sonar(SonarApp):  # type: ignore[misc]
        """Chooses the trace by itself."""

        def on_mount(self) -> None:
            """After the first paint."""
            super().on_mount()
            self.set_timer(2.0, self._choose)

        def _choose(self) -> None:
            self._render_span_tree(store.get_trace("t"))
            tree = self.query_one("#span-tree", Tree)
            tree.focus()
            self.query_one("#status-bar", Static).update("READY")

    store = TraceStore()
    store.add_spans([made(row) for row in range(rows)])
    app: App[Any] = Sonar(trace_store=store)
    return app


APPS = {"datatable": TableApp, "tree": TreeApp, "sonar": sonar}

if __name__ == "__main__":
    APPS[sys.argv[1]](int(sys.argv[2])).run()
