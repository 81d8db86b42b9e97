"""A store that is open for questions, on any engine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from tracetui.fleet.store.engine_errors import answering

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa


def _nothing() -> None:
    pass


@dataclass(frozen=True, eq=False)
class Store:
    """Relations to query with Ibis. `facts` has the columns of `schema.FACTS`, `spans` those of
    `schema.SPANS`, or is None if no spans are stored. `url` is what it was opened by, without a password.

    A store belongs to one thread: another thread must open its own.
    """

    url: str
    con: Any
    facts: "ibis.Table"
    spans: "ibis.Table | None" = None
    ending: Callable[[], None] = _nothing

    def rows(self, expression: "ibis.Table") -> "pa.Table":
        """The result of an expression over `facts` or `spans`, as Arrow; raises `InputError` if the engine
        has failed.
        """
        import pyarrow as pa

        with answering(self.url, OSError, pa.ArrowException):
            table: pa.Table = self.con.to_pyarrow(expression)
        return table

    def close(self) -> None:
        """Close the engine."""
        self.ending()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
