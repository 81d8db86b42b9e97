"""Recordings to bill, and spans of a role for hand-made ones."""

from typing import Any

from tests.builders import MS, T0, Json, S, line, snapshot, span
from tests.recordings import RUNS
from tracetui.analysis.ledger.ledger import Ledger, ledger
from tracetui.analysis.study.findings import study

NOW = T0 + 130 * S
DATA = RUNS.parent
RECORDINGS = sorted((*DATA.glob("*/*"), *DATA.glob("resmoke/*/*")))


def role(name: str, of: str, begin: int, end: int, parent: Json | None = None, **more: Any) -> Json:
    """A span of a role from and to so many ms; `more` are attributes, `_` for dots."""
    told = {key.replace("__", "."): value for key, value in more.items()}
    return span(
        name, {"tracetui.span.role": of, **told}, start=T0 + begin * MS, end=T0 + end * MS, parent=parent
    )


def of(*spans: Json) -> Ledger:
    return ledger(study(snapshot(line(*spans)), NOW))


def told(found: Ledger) -> dict[str, int]:
    """What each account had, in ms."""
    return {entry.account.key: entry.ns // MS for entry in found.accounts}
