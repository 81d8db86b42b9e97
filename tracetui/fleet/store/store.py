"""A store that is open for questions, on any engine."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from msgspec import Struct

from tracetui.fleet.store.engine_errors import answering

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa


def _nothing() -> None:
    pass


class Store(Struct, frozen=True, eq=False):
    """Relations to query with Ibis. `facts` has the columns of `schema.FACTS`, `spans` those of
    `schema.SPANS`, or is None if no spans are stored. `url` is what it was opened by, without a password.
    `narrowed` makes what `between` gives, by bounds.

    A store belongs to one thread: another thread must open its own.
    """

    url: str
    con: Any
    facts: "ibis.Table"
    spans: "ibis.Table | None" = None
    ending: Callable[[], None] = _nothing
    narrowed: "Callable[[int | None, int | None], ibis.Table] | None" = None

    def between(self, since_ns: int | None, until_ns: int | None) -> "ibis.Table":
        """All facts from one time to another (ns; None: no bound), and maybe others: what a question about
        that time asks at least cost.
        """
        if self.narrowed is None:
            return self.facts
        with answering(self.url, OSError):
            return self.narrowed(since_ns, until_ns)

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
