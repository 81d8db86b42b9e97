"""Sources to formats to store, in time-bounded batches; the only package that joins the three."""

from tracetui.ingest.ingest import Ingest
from tracetui.ingest.loading import load, require_trace

__all__ = ["Ingest", "load", "require_trace"]
