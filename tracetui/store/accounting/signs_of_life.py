"""What was heard of writers: the last heartbeat of each source, and of each process that writes sources."""

from collections.abc import Collection, Mapping

from tracetui.model.batch import Heartbeat, Writer


class SignsOfLife:
    """Heartbeats `by_source`, in which the source that was heard of last comes last, and `by_writer`.

    A writer's last heartbeat is the latest of those by source. None was ever later than `latest_ns`.
    """

    def __init__(self, beats: Mapping[int, Heartbeat]) -> None:
        self.by_source: dict[int, Heartbeat] = {}
        self.by_writer: dict[Writer, Heartbeat] = {}
        self.latest_ns = 0
        self._new: set[int] = set()
        for source, beat in beats.items():
            self.hear(source, beat)

    def hear(self, source: int, beat: Heartbeat) -> None:
        """The last heartbeat of a source is another one from now on."""
        before = self.by_source.pop(source, None)
        self.by_source[source] = beat
        self._new.add(source)
        self.latest_ns = max(self.latest_ns, beat.time_ns)
        last = self.by_writer.get(beat.writer)
        if last is None or beat.time_ns >= last.time_ns:
            self.by_writer[beat.writer] = beat
        if before and self.by_writer[before.writer] is before:
            self._find_last(before.writer)

    def _find_last(self, writer: Writer) -> None:
        beats = [beat for beat in self.by_source.values() if beat.writer == writer]
        if beats:
            self.by_writer[writer] = max(beats, key=lambda beat: beat.time_ns)
        else:
            del self.by_writer[writer]

    def new(self) -> Collection[int]:
        """The sources with another heartbeat since this was asked last."""
        new, self._new = self._new, set()
        return new
