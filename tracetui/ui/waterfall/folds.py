"""How the user wants the tree: kept together with the snapshot whose rows it names."""

from msgspec.structs import replace

from tracetui.analysis.tree.row_mapping import Rows, continues, moved, rows_of
from tracetui.analysis.waterfall.arrangement import View
from tracetui.analysis.waterfall.outline import Outline
from tracetui.store.snapshot import Snapshot


class Folds:
    """A `view` whose folds are rows of the newest snapshot that was followed."""

    def __init__(self) -> None:
        self.view = View()
        self._of: Rows | None = None

    def follow(self, snapshot: Snapshot) -> bool:
        """Follow a newer snapshot; False if its rows are numbered differently.

        Then folds of rows that still exist are kept; folds of all children of a row, and groups, are not.
        """
        before, self._of = self._of, rows_of(snapshot)
        if before is None or continues(before, snapshot):
            return True
        rows = moved(before, snapshot, self.view.chosen)
        chosen = {rows[node]: fold for node, fold in self.view.chosen.items() if node in rows}
        self.view = replace(self.view, chosen=chosen, children=())
        return False

    def fold(self, shown: Snapshot, node: int, *, fold: bool) -> None:
        """Fold or unfold a node of `shown`."""
        rows = {node: node} if self.are_of(shown) else moved(shown, self._of or shown, [node])
        if node in rows:
            self.view = replace(self.view, chosen={**self.view.chosen, rows[node]: fold})

    def fold_children(self, shown: Snapshot, outline: Outline, parent: int, *, fold: bool) -> None:
        """Fold or unfold all children of a node; nothing if `shown` is being replaced by other rows."""
        if not self.are_of(shown):
            return
        parents = outline.tree.parent
        others = {one: what for one, what in self.view.chosen.items() if int(parents[one]) != parent}
        rules = [(one, what) for one, what in self.view.children if one != parent]
        self.view = replace(self.view, children=(*rules, (parent, fold)), chosen=others)

    def applied(self, shown: Snapshot, outline: Outline) -> Outline:
        """An outline of `shown` with what the user has folded since it was asked for."""
        if not self.are_of(shown):
            return outline  # Another one, of the newest rows, is being made.
        for node, fold in self.view.chosen.items():
            known = node < len(outline.folded)
            if known and outline.chosen.get(node) != fold and outline.is_folded(node) != fold:
                outline = outline.toggled(node)
        return outline

    def are_of(self, shown: Snapshot) -> bool:
        """Whether they name the rows of `shown`."""
        return self._of is None or continues(shown, self._of)
