"""Proposals, ranked by what they save: each change is simulated and compared with the run as it was."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import repeat
from random import Random
from statistics import median
from typing import NamedTuple

from tracetui import units
from tracetui.analysis.advice.archiving import archiving
from tracetui.analysis.advice.candidates import Base, Candidate, candidates
from tracetui.analysis.plan.choice import NOISE
from tracetui.analysis.schedule.policy import Policy, policy_for
from tracetui.analysis.schedule.prediction import outside
from tracetui.analysis.schedule.recorded import recorded
from tracetui.analysis.schedule.recording.processors import other_work
from tracetui.analysis.schedule.simulation import Draw, simulate, typical
from tracetui.analysis.schedule.workload import Workload
from tracetui.analysis.study.findings import Findings
from tracetui.model.columns import STORED

DRAWS = 9
"""So many pairs of runs, with and without the change, each pair with the same tests taking longer."""
MOST_STEPS = 60_000
"""Simulated tests for each proposal: of a larger workload there are fewer draws."""
LEAST_SHARE = 0.02
"""A proposal that saves less than this part of the run is none."""
OFF = 0.10
"""A model that is off by more than this on the run itself is no ground for certainty."""
STEADY = 0.5
"""Sure is what saves at least this part of its median in every draw."""


class Proposal(NamedTuple):
    """A change: `what` to do, `why`, and at which fixture, hook, test or file (`where`, foreign).

    It saves `saving_ns` (the median of the draws), from `low_ns` to `high_ns`. `sure` is `sure`, `likely` or
    `guess`; `doubt` says why it is not sure. `is_simulated` is false if the saving was only added up.
    """

    kind: str
    what: str
    why: str
    where: str
    saving_ns: int
    low_ns: int
    high_ns: int
    sure: str
    doubt: str
    is_simulated: bool = True


class Advice(NamedTuple):
    """The proposals, largest saving first, for a run whose tests took `recorded_ns`; those that cannot be
    simulated come last.

    `replayed_ns` is the simulated duration of the unchanged run; `tried` is how many changes were simulated,
    in `draws` pairs of runs each. `doubt` is why all of it may be wrong, or empty.
    """

    recorded_ns: int
    replayed_ns: int
    workers: int
    draws: int
    tried: int
    doubt: str
    proposals: tuple[Proposal, ...]


def basis(findings: Findings) -> bytes:
    """A digest of the shown run's spans and their times: as long as it is the same, so is the advice.

    Spans of other runs that come meanwhile are no part of it. Rows that were renumbered change it.
    """
    within, times = findings.within, findings.times
    columns = [getattr(findings.snapshot, name) for name in STORED]
    digest = blake2b(findings.summary.state.encode(), digest_size=16)
    for column in (*columns, times.total[:], times.own):
        digest.update((column if within is None else column[within]).tobytes())
    return digest.digest()


def advise(findings: Findings) -> Advice:
    """The advice for the shown run; no proposals without tests, or if only their durations are known."""
    if findings.no_timeline:
        return Advice(0, 0, 0, 0, 0, findings.no_timeline, ())
    workload = recorded(findings)
    if not workload.items:
        return Advice(0, 0, 0, 0, 0, "no test ran in it", ())
    base = Base(workload, policy_for(workload.dist, workload), workload.workers)
    draws = max(1, min(DRAWS, MOST_STEPS // len(workload.items)))
    before = _walls(workload, base.policy, base.workers, draws)
    replayed = round(median(before))
    doubt = _doubt(workload, replayed)
    tried = [*archiving(findings, base), *candidates(base)]
    proposals = [_proposal(candidate, before, doubt) for candidate in tried]
    proposals += _start(findings)
    least = LEAST_SHARE * workload.recorded_ns
    worth = sorted(
        (proposal for proposal in proposals if proposal.saving_ns >= least),
        key=lambda proposal: (not proposal.is_simulated, -proposal.saving_ns),
    )
    return Advice(workload.recorded_ns, replayed, base.workers, draws, len(proposals), doubt, tuple(worth))


def _walls(workload: Workload, policy: Policy, workers: int, draws: int) -> list[int]:
    """The workload's wall time in each draw; the draws are the same for every workload of the same tests."""
    walls = []
    for number in range(draws):
        random = Random(number)
        factors = [random.lognormvariate(-NOISE * NOISE / 2, NOISE) for _ in workload.items]
        draw = Draw(factors, repeat(typical(workload.gaps_ns)), ())
        walls.append(simulate(workload, policy, workers, draw).wall_ns)
    return walls


def _proposal(candidate: Candidate, before: Sequence[int], doubt: str) -> Proposal:
    after = _walls(candidate.workload, candidate.policy, candidate.workers, len(before))
    saved = sorted(one - other for one, other in zip(before, after, strict=True))
    saving = round(median(saved))
    doubt = doubt or outside(candidate.workload, candidate.policy, candidate.workers) or ""
    if not doubt and saved[0] < STEADY * saving:
        doubt = f"it depends on chance: from {units.duration(saved[0])} to {units.duration(saved[-1])}"
    sure = "sure" if not doubt else "likely" if saved[0] > 0 else "guess"
    return Proposal(*candidate[:4], saving, saved[0], saved[-1], sure, doubt)


def _doubt(workload: Workload, replayed: int) -> str:
    """Why no simulation of this workload can be sure."""
    if workload.doubts:
        return workload.doubts[0]
    if busy := other_work(workload):
        return busy
    off = replayed / workload.recorded_ns - 1 if workload.recorded_ns else 0.0
    if abs(off) > OFF:
        than = "longer" if off > 0 else "less long"
        return f"simulated as it was recorded, the run takes {units.share(abs(off))} {than}"
    return ""


def _start(findings: Findings) -> Iterator[Proposal]:
    """The time before the first test: an upper bound of a saving that cannot be simulated."""
    summary = findings.summary
    rows = findings.tests
    if not len(rows) or summary.state != "ended":
        return
    first = int(findings.snapshot.start_ns[rows].min())
    waited = first - summary.start_ns
    whole = summary.end_ns - summary.start_ns
    if waited < LEAST_START * whole:
        return
    yield Proposal(
        "worker start",
        "import less when tests are collected: every worker imports and collects all of them",
        f"{units.duration(waited)} of {units.duration(whole)} go by before the first test begins",
        "",
        waited // 2,
        0,
        waited,
        "guess",
        "added up, not simulated: half of it",
        is_simulated=False,
    )


LEAST_START = 0.10
"""A start that takes less than this part of the run is what starting takes."""
