"""A lake read by Spark, over Spark Connect: a cluster's server, or any other that speaks it.

The directory must be at the same path here, where its manifests are read, and there, where its files are.
"""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracetui.errors import InputError
from tracetui.fleet.schema import FACTS, SPANS, Column
from tracetui.fleet.schema.types import spark_type
from tracetui.fleet.store.address import Address
from tracetui.fleet.store.conform import conform
from tracetui.fleet.store.lake.files import place
from tracetui.fleet.store.lake.manifests import files, manifests
from tracetui.fleet.store.store import Store

if TYPE_CHECKING:
    import ibis

RETRIES = 4
"""So often a server is asked again that does not answer, each time after longer: within about 5 s."""


def open_spark(where: Address) -> Store:
    """The lake in a directory; raises `InputError` if it does not exist, or the server does not answer."""
    import ibis

    lake = Path(where.path)
    if not lake.is_dir():
        raise InputError(f"{where.shown}: no lake at {lake}; it has to be there on this machine, too")
    session = _session(where)
    valid = manifests(lake)
    con = ibis.pyspark.connect(session)
    spans = files(valid, "spans")
    return Store(
        where.shown,
        con,
        _relation(con, session, lake, "test_facts", files(valid, "facts"), FACTS),
        _relation(con, session, lake, "otel_traces", spans, SPANS) if spans else None,
        session.stop,
    )


def _session(where: Address) -> Any:
    from pyspark.sql import SparkSession
    from pyspark.sql.connect.client.retries import DefaultPolicy

    warnings.filterwarnings("ignore", r"\[RETRIES_EXCEEDED\]")  # The error that follows says it.
    session = SparkSession.builder.remote(f"sc://{where.parts.netloc.rpartition('@')[2]}").create()
    session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
    session.conf.set("spark.sql.session.timeZone", "UTC")
    return session


def _relation(
    con: Any, session: Any, lake: Path, name: str, names: Sequence[str], columns: Sequence[Column]
) -> "ibis.Table":
    """Files of a lake as one relation, empty if there are none."""
    if names:
        rows = _read(session, lake, names)
        if "date" not in rows.columns:
            rows = _day_by_day(session, lake, names)
    else:
        declared = ", ".join(f"CAST(NULL AS {spark_type(column)}) AS `{column.name}`" for column in columns)
        rows = session.sql(f"SELECT {declared}").limit(0)
    rows.createOrReplaceTempView(name)
    return conform(con.table(name), columns)


def _read(session: Any, lake: Path, names: Sequence[str]) -> Any:
    """Files, with the partition values in their paths as columns, if the server supports that."""
    base = str((lake / names[0]).parents[1].absolute())
    paths = [str((lake / file).absolute()) for file in names]
    return session.read.option("mergeSchema", "true").option("basePath", base).parquet(*paths)


def _day_by_day(session: Any, lake: Path, names: Sequence[str]) -> Any:
    """The same if it does not: the files of each day, and that day."""
    from pyspark.sql import functions

    days: dict[str, list[str]] = {}
    for file in names:
        days.setdefault(place(file)[1], []).append(file)
    whole = None
    for day, some in sorted(days.items()):
        rows = _read(session, lake, some).withColumn("date", functions.lit(day).cast("date"))
        whole = rows if whole is None else whole.unionByName(rows, allowMissingColumns=True)
    return whole
