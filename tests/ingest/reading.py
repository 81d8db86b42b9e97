"""What tests of reading do with an ingest."""

from tracetui.ingest import Ingest


def drain(ingest: Ingest) -> None:
    """A sweep, and all that there is to read now."""
    ingest.sweep()
    while ingest.step():
        pass
