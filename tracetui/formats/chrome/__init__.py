"""Chrome trace events, as Bazel, Clang, PyTorch, Node and nextest write them.

Source: the Trace Event Format. A document is an array, or `{"traceEvents": [...]}`. Spans are complete events
(`X`), pairs of begin and end on one thread (`B`, `E`), and asynchronous pairs that share an id (`b`, `e`;
formerly `S`, `F`). Instants are events of the span around them, flows (`s`, `t`, `f`) links. A thread is a
lane, and within a lane the interval that encloses another is its parent. There are no ids: a document is one
trace, identified by its hash, and a span's place in it is its id.
"""

from tracetui.formats.chrome.detail import decode_event, decode_span
from tracetui.formats.chrome.events import are_events
from tracetui.formats.chrome.loose import LooseEvents
from tracetui.formats.chrome.trace import Trace

__all__ = ["LooseEvents", "Trace", "are_events", "decode_event", "decode_span"]
