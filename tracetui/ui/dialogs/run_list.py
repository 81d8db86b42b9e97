"""The runs of the picker: the newest, every single one, and all of them; filtered by what is typed."""

from collections.abc import Iterator

from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tracetui.analysis.runs.runs import ALL, JOB, NEWEST, Runs
from tracetui.text import Safe
from tracetui.ui.dialogs.draw_run_row import Entry, run_row
from tracetui.ui.feed.reading import Reading
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.theme.themes import Paint


class RunList(RowList):
    """Entries of `reading`; the cursor stays on its run while others are added."""

    reading: reactive[Reading | None] = reactive(None, init=False, repaint=False)
    narrowed: reactive[str] = reactive("", init=False)

    class Chosen(Message):
        """The user chose a run."""

        def __init__(self, choice: int) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, choice: int) -> None:
        super().__init__()
        self.can_focus = False
        self._choice = choice
        self._entries: list[Entry] = []
        self._paint = Paint({})

    @property
    def count(self) -> int:
        """The number of lines."""
        return len(self._entries)

    @property
    def entry(self) -> Entry | None:
        """The line under the cursor."""
        return self.under(self._entries)

    def watch_reading(self) -> None:
        """Update the numbers, and add new runs."""
        is_first = not self._entries
        self._fill(self._choice if is_first else self.entry.choice if self.entry else NEWEST)

    def watch_narrowed(self) -> None:
        """Filter the lines; the cursor goes to the first."""
        self._fill(None)

    def _fill(self, choice: int | None) -> None:
        if self.reading is None:
            return
        words = self.narrowed.casefold().split()
        all_entries = entries(self.reading.findings.runs, self._choice)
        self._entries = [
            entry for entry in all_entries if all(word in entry.title.casefold() for word in words)
        ]
        places = [place for place, entry in enumerate(self._entries) if entry.choice == choice]
        self.anchored(places[0] if places else 0, self.top)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """One row per line."""
        return self.count

    def reframe(self) -> None:
        """The colours."""
        self._paint = Paint(self.app.theme_variables)

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One line."""
        return run_row(self._entries[index], self.room, self._paint, selected=selected)

    def empty(self) -> list[Safe]:
        """Why there are no lines."""
        return [Safe("No run matches.")]

    def highlighted(self) -> None:
        """Nothing: nothing else depends on the cursor here."""

    def clicked(self, index: int, _: int) -> None:
        """A click chooses."""
        self.post_message(self.Chosen(self._entries[index].choice))


def entries(runs: Runs, choice: int) -> list[Entry]:
    """A line for the newest run, one per run and job, and one for all of them."""
    if not len(runs):
        return []
    files = runs.files.tolist()
    first = runs.newest
    newest = Entry(NEWEST, f"newest: {runs.full_name(first)}", runs[first], files[first], choice == NEWEST)
    of_runs = [entry for number in range(len(runs)) for entry in _run(runs, number, files[number], choice)]
    title = f"all {len(runs)} runs together"
    everything = Entry(ALL, title, runs.summary(ALL), sum(files), choice == ALL)
    return [newest, *of_runs, everything] if len(runs) > 1 else of_runs


def _run(runs: Runs, number: int, files: int, choice: int) -> Iterator[Entry]:
    """A run, and below it its jobs if there are several."""
    jobs = runs.jobs_of(number)
    key = int(runs.key[number])
    is_shown = 0 <= choice < JOB and runs.number(choice) == number
    yield Entry(
        key, runs.full_name(number), runs[number], files, is_shown or (len(runs) == 1 and choice < JOB)
    )
    for job in jobs:
        if len(jobs) > 1:
            of_job = runs.job_choice(job)
            yield Entry(of_job, runs.job_name(job), runs.job(job), 0, choice == of_job, depth=1)
        for shard in runs.shards_of(job):
            of_shard, depth = runs.shard_choice(shard), 1 + (len(jobs) > 1)
            shard_summary = runs.shards.summary(shard)
            yield Entry(of_shard, runs.shards.name(shard), shard_summary, 0, choice == of_shard, depth)
