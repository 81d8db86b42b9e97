"""A server that speaks Spark Connect in this process: Sail, for which no Java has to be there."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def server() -> Iterator[str]:
    """Runs it on a port of its own; gives what a store's URL begins with."""
    from pysail.spark import SparkConnectServer

    running = SparkConnectServer("127.0.0.1", 0)
    running.start(background=True)
    try:
        host, port = running.listening_address
        yield f"sc://{host}:{port}"
    finally:
        running.stop()
