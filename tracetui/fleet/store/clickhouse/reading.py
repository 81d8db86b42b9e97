"""ClickHouse as a store for questions."""

from tracetui.errors import InputError
from tracetui.fleet.schema import FACTS
from tracetui.fleet.store.address import Address
from tracetui.fleet.store.clickhouse.ddl import relation, roles
from tracetui.fleet.store.clickhouse.engine import COLLECTOR, LOADED, collected_spans, connect, tables
from tracetui.fleet.store.clickhouse.materialised import Materialised
from tracetui.fleet.store.conform import conform
from tracetui.fleet.store.store import Store


def open_clickhouse(where: Address) -> Store:
    """The facts in a database; raises `InputError` if it has neither spans of a Collector nor facts."""
    con = connect(where)
    rows = relation(con)
    if rows is None:
        con.disconnect()
        raise InputError(
            f"{where.shown}: neither {COLLECTOR} nor {LOADED} is there; have a Collector fill the first, "
            "or load recordings: tracetui fleet ingest"
        )
    spans = collected_spans(con.table(COLLECTOR)) if COLLECTOR in tables(con) else None
    facts = conform(rows, FACTS)
    narrowed = Materialised(con, facts).between if roles(con) is not None else None
    return Store(where.shown, con, facts, spans, con.disconnect, narrowed)
