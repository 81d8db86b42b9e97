"""Start records: what has begun and not ended, for whoever watches, and for whoever asks after a crash.

They are OTLP/JSON log records in `<directory>/live/<same stem>.logs.jsonl`, so that no reader of spans ever
meets half a span. A span may have several, of which the last counts: how many tests a suite will run
(`pytest.testscollected`) is not known when it starts, and is told once they are collected. With them goes a
heartbeat: one first, then one every 5 s while spans are open. The file is deleted after a clean shutdown in
which nothing was lost; left behind, it names what was cut off. The last heartbeat of a process that closed
its files itself says so (`tracetui.writer.ended`): what is open then was left open, or its end was lost.
"""

from tracetui.tracing.live.log import LiveLog
from tracetui.tracing.live.records import ROLE, boot_id

__all__ = ["ROLE", "LiveLog", "boot_id"]
