"""Start records: which spans have started and not ended, for viewers, and for recovery after a crash.

They are OTLP/JSON log records in `<directory>/live/<same stem>.logs.jsonl`, so that readers of spans never
meet half a span. A span may have several, of which the last counts: how many tests a suite will run
(`pytest.testscollected`) is unknown when it starts, and recorded once they are collected. A heartbeat is
written first, and then every 5 s while spans are open. The file is deleted after a clean shutdown without
losses; if it stays, it names what was cut off. The last heartbeat of a process that closed its files says so
(`tracetui.writer.ended`): spans still open then were left open, or their end was lost.
"""

from tracetui.tracing.live.log import LiveLog
from tracetui.tracing.live.records import ROLE, boot_id

__all__ = ["ROLE", "LiveLog", "boot_id"]
