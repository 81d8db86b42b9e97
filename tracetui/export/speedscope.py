"""speedscope's own format: an evented profile for each track, the same frame for the same name.

Source: `src/lib/file-format-spec.ts` of jlfwong/speedscope. No arguments and no ids: its importer of trace
events makes them part of the frame's name, so that no two frames are equal. Times are ns since the first span
began.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tracetui.export.nesting import Nested, nested
from tracetui.export.perfetto import track_name
from tracetui.export.subject import Subject
from tracetui.export.tracks import Lanes, lanes_of_all
from tracetui.export.values import text

SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def speedscope(subject: Subject) -> Iterator[str]:
    """The document, in parts: everything from columns, no span is decoded."""
    lanes = lanes_of_all(subject.findings)
    placed = nested(subject, lanes)
    subject.note_open()
    subject.note(
        "span",
        "without a length, which are not drawn",
        int(np.count_nonzero(placed.start_ns == placed.end_ns)),
    )
    name = text(subject.findings.summary.name or "tests")
    order = _in_order(lanes, placed)
    fullest = order.index(int(np.bincount(placed.track).argmax()))
    head = f'"exporter":"tracetui","name":{name},"activeProfileIndex":{fullest}'
    yield f'{{"$schema":"{SCHEMA}",{head},"profiles":['
    before = "\n"
    frames: dict[str, int] = {}
    by_track = np.argsort(placed.track, kind="stable")
    edges = np.searchsorted(placed.track[by_track], np.arange(len(placed.lane) + 1))
    for track in order:
        yield before
        places = by_track[edges[track] : edges[track + 1]]
        yield from _profile(subject, lanes, placed, track, places, frames)
        before = ",\n"
    yield '\n],"shared":{"frames":[\n'
    yield ",\n".join(text({"name": name}) for name in frames)
    yield "\n]}}\n"


def _in_order(lanes: Lanes, placed: Nested) -> Sequence[int]:
    """The tracks lane by lane, those of a process together."""
    keys = [
        (lanes.lanes[lane].process, lane, layer)
        for lane, layer in zip(placed.lane, placed.layer, strict=True)
    ]
    return sorted(range(len(keys)), key=keys.__getitem__)


def _profile(
    subject: Subject,
    lanes: Lanes,
    placed: Nested,
    track: int,
    places: NDArray[np.intp],
    frames: dict[str, int],
) -> Iterator[str]:
    """The open and close events of one track with the spans at `places`, in order."""
    lane = lanes.lanes[placed.lane[track]]
    several = len({one.process for one in lanes.lanes}) > 1
    label = track_name(lane.name, placed.layer[track])
    origin = int(placed.start_ns[0])
    starts, ends = placed.start_ns[places] - origin, placed.end_ns[places] - origin
    head = {
        "type": "evented",
        "name": f"{lanes.processes[lane.process]}: {label}" if several else label,
        "unit": "nanoseconds",
        "startValue": int(starts[0]),
        "endValue": int(ends.max()),
    }
    yield text(head)[:-1] + ',"events":['
    opened: list[tuple[int, int]] = []
    before = ""
    columns = zip(starts.tolist(), ends.tolist(), strict=True)
    for row in subject.counted(placed.rows[places]):
        start, end = next(columns)
        while opened and opened[-1][0] <= start:
            yield f"{before}{_event('C', *opened.pop())}"
            before = ","
        frame = frames.setdefault(subject.findings.title(row), len(frames))
        yield f"{before}{_event('O', start, frame)}"
        before = ","
        opened.append((end, frame))
    for end, frame in reversed(opened):
        yield f",{_event('C', end, frame)}"
    yield "]}"


def _event(kind: str, at: int, frame: int) -> str:
    return f'{{"type":"{kind}","frame":{frame},"at":{at}}}'
