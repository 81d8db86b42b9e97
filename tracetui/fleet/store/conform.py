"""An existing relation with the columns of the schema: missing ones are empty."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tracetui.fleet.schema import Column
from tracetui.fleet.schema.types import ibis_type

if TYPE_CHECKING:
    import ibis


def conform(table: "ibis.Table", columns: Sequence[Column]) -> "ibis.Table":
    """Only these columns, in their order, each with its type; never `SELECT *`."""
    return table.select(**{column.name: _column(table, column) for column in columns})


def _column(table: "ibis.Table", column: Column) -> Any:
    import ibis

    kind = ibis_type(column)
    if column.name not in table.columns:
        return ibis.literal(column.nothing, type=kind)
    value = table[column.name]
    if value.type().copy(nullable=True) != ibis.dtype(kind):
        value = value.cast(kind)
    nothing = column.nothing
    if nothing is None or not value.type().nullable:
        return value
    return value.fill_null(ibis.literal(nothing, type=kind))
