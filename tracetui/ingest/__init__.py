"""Sources to formats to store, in batches bounded by time; the only place that joins the three."""

from tracetui.ingest.ingest import Ingest
from tracetui.ingest.loading import load, require_trace

__all__ = ["Ingest", "load", "require_trace"]
