"""A server that speaks Spark Connect in this process: Sail, for which no Java has to be there."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def server() -> Iterator[str]:
    """Runs it on a port of its own; gives what a store's URL begins with."""
    from pysail.spark import SparkConnectServer

    main = sys.modules["__main__"]
    if not hasattr(
        main, "__file__"
    ):  # As in pytest-xdist's workers, which PySpark takes for doctests of its own.
        main.__file__ = __file__
    running = SparkConnectServer("127.0.0.1", 0)
    running.start(background=True)
    try:
        host, port = running.listening_address
        yield f"sc://{host}:{port}"
    finally:
        running.stop()
