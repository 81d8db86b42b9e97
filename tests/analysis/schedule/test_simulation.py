"""Schedules that can be worked out by hand, and what holds of all of them."""

from itertools import pairwise, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.analysis.schedule.suites import S, item, several, workload
from tracetui.analysis.schedule.policy import DISTS, Policy
from tracetui.analysis.schedule.simulation import LATENCY_NS, Draw, others_beside, simulate, slowdown
from tracetui.analysis.schedule.workload import Fixture

MESSAGES = 40 * LATENCY_NS
"""More than what messages take in the small runs here."""


def wall(seconds: list[float], dist: str, workers: int, chunk: int | None = None) -> float:
    return simulate(several(seconds), Policy(dist, chunk), workers).wall_ns / S


def test_one_process_runs_one_after_the_other() -> None:
    assert wall([1, 2, 3], "no", 4) == 6


def test_a_shared_queue_gives_the_next_test_to_who_is_free() -> None:
    """3 | 1 1 1 1 and then 2 for the one that is free first: 3 + 2 or 4 + 2."""
    assert wall([3, 1, 1, 1, 1, 2], "queue", 2) == 5


def test_shards_are_fixed() -> None:
    """Half of the time is reached after the first test."""
    schedule = simulate(several([4, 1, 1, 1, 1]), Policy("shards"), 2)
    assert schedule.worker == [0, 1, 1, 1, 1]
    assert schedule.wall_ns == 4 * S


def test_shares_of_ones_own() -> None:
    """As they are given."""
    schedule = simulate(several([1, 2, 3]), Policy("shards", shares=((2, 0), (1,))), 2)
    assert schedule.worker == [0, 1, 0]
    assert schedule.start_ns == [3 * S, 0, 0]


def test_few_tests_go_round_in_turns() -> None:
    """Less than two for each: `load` deals them out."""
    assert simulate(several([1, 1, 1]), Policy("load"), 2).worker == [0, 1, 0]


def test_load_holds_a_test_in_reserve() -> None:
    """Two each: the long one waits behind another though the other worker is free."""
    schedule = simulate(several([1, 5, 1, 1]), Policy("load"), 2)
    assert schedule.worker == [0, 0, 1, 1]
    assert schedule.wall_ns == pytest.approx(6 * S, abs=MESSAGES)


def test_chunks_of_one_even_that_out() -> None:
    """Longest first, each worker with one and one in reserve."""
    seconds = [8.0, 4, 4, 2, 2, 2, 1, 1, 1, 1]
    assert wall(seconds, "load", 2) > wall(seconds, "load", 2, chunk=1) - MESSAGES / S
    assert wall(seconds, "load", 2, chunk=1) == pytest.approx(14, abs=1)


def test_who_runs_dry_steals_half_of_the_longest_queue() -> None:
    """An even split leaves ten seconds for one and ten tenths for the other; stealing evens it out."""
    seconds = [1.0] * 10 + [0.1] * 10
    schedule = simulate(several(seconds), Policy("worksteal"), 2)
    assert schedule.worker[:2] == [0, 0]
    assert 1 in schedule.worker[2:10]
    assert schedule.wall_ns < 7 * S


def test_a_file_stays_whole_unless_it_is_cut() -> None:
    """Under `loadfile` the file with the most tests decides."""
    tests = [item(f"test_a.py::test_{n}", 1) for n in range(6)] + [item("test_b.py::test_0", 1)]
    schedule = simulate(workload(*tests), Policy("loadfile"), 3)
    assert len(set(schedule.worker[:6])) == 1
    assert schedule.wall_ns == pytest.approx(6 * S, abs=MESSAGES)


def test_each_worker_sets_up_a_session_fixture_once() -> None:
    """And tears it down with its last test."""
    fixture = Fixture("db", "session", "", 10 * S, 2 * S)
    tests = [item(f"test_a.py::test_{n}", 1, fixtures=[0]) for n in range(4)]
    work = workload(*tests, fixtures=[fixture])
    assert simulate(work, Policy("no"), 1).wall_ns == 16 * S
    assert simulate(work, Policy("load"), 2).wall_ns == pytest.approx(14 * S, abs=MESSAGES)


def test_a_module_fixture_goes_with_its_file() -> None:
    """Set up again where the file comes again."""
    fixtures = [Fixture("app", "module", "test_a.py", 10 * S, S)]
    names = ["test_a.py::test_0", "test_b.py::test_0", "test_a.py::test_1"]
    tests = [item(name, 1, fixtures=[0] if name.startswith("test_a") else []) for name in names]
    assert simulate(workload(*tests, fixtures=fixtures), Policy("no"), 1).wall_ns == (3 + 2 * 11) * S


def test_what_computes_shares_the_cores_and_what_waits_does_not() -> None:
    """Four tests of a second at once on two cores: two seconds of computing, or one of waiting."""
    computing = replace(several([1.0] * 4, computes=True), cores=2)
    waiting = replace(several([1.0] * 4), cores=2)
    assert simulate(computing, Policy("queue"), 4).wall_ns == pytest.approx(2 * S, rel=1e-6)
    assert simulate(waiting, Policy("queue"), 4).wall_ns == S


def test_half_computing_is_slowed_down_by_half_as_much() -> None:
    """By the machine-repair model: four machines, as long up as in repair, and one or two repairers.

    With two, of 20 parts of the time 1, 4, 6, 6, 3 have none to four in repair: 46 / 34.
    """
    assert slowdown([0.5] * 4, 1) == pytest.approx(196 / 64)
    assert slowdown([0.5] * 4, 2) == pytest.approx(46 / 34)
    assert slowdown([0.5] * 4, 4) == 1
    assert slowdown([1.0] * 6, 2) == pytest.approx(3)
    assert slowdown([1.0] * 20 + [0.0] * 3, 2) == pytest.approx(10)
    assert slowdown([0.5] * 20, 20 - 1) == pytest.approx(1, abs=1e-6)
    assert slowdown([1.0, 0.0, 0.0, 0.0], 1) == 1


@given(st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), max_size=5), st.integers(1, 4))
def test_turns_of_computing_and_waiting_cost_more_than_their_mean(shares: list[float], cores: int) -> None:
    """No more than the cores are used; computing is at most as slow as if all computed at once."""
    factor = slowdown(shares, cores)
    used = sum(share / (1 - share + share * factor) for share in shares)
    assert used <= cores + 1e-9
    assert 1 <= factor <= max(1.0, len(shares) / cores) + 1e-9
    assert slowdown([*shares, 1.0], cores) >= factor - 1e-9


@pytest.mark.parametrize("shares", [[1.0], [0.5] * 4, [0.1, 0.9]])
@pytest.mark.parametrize("others", [0.5, 3.0])
def test_others_want_the_cores_too(shares: list[float], others: float) -> None:
    """One beside three others on two cores gets half of one; what explains a slowdown is found from it."""
    assert slowdown([1.0], 2, 3) == pytest.approx(2, rel=1e-5)
    assert slowdown([1.0], 2, 1) == 1
    factor = slowdown(shares, 1, others)
    assert factor > 1
    assert others_beside(shares, 1, factor) == pytest.approx(others, rel=1e-3)


def test_waiting_for_a_processor_goes_with_the_others() -> None:
    """Tests of 2 s that compute for one beside another's work: as long with it, half as long without."""
    tests = [item(f"test_a.py::test_{n}", 2, 1)._replace(queued_ns=S) for n in range(4)]
    busy = replace(workload(*tests, workers=1), cores=1, others=1.0)
    assert simulate(busy, Policy("no"), 1).wall_ns == pytest.approx(8 * S, rel=1e-4)
    alone = Draw((), repeat(0), (), busy=0.0)
    assert simulate(busy, Policy("no"), 1, alone).wall_ns == pytest.approx(4 * S, rel=1e-4)


def test_nothing_takes_no_time() -> None:
    """Of no tests."""
    for dist in DISTS:
        assert simulate(workload(), Policy(dist), 3).wall_ns == 0


@given(
    seconds=st.lists(st.floats(0, 5), min_size=1, max_size=40),
    workers=st.integers(1, 8),
    dist=st.sampled_from(DISTS),
    cores=st.integers(0, 3),
)
def test_every_test_runs_once_and_none_at_the_same_time_as_another_on_its_worker(
    seconds: list[float], workers: int, dist: str, cores: int
) -> None:
    """And the run is neither shorter than its parts allow, nor longer than one after the other."""
    tests = [item(f"test_{n % 3}.py::test_{n}", each, each / 2) for n, each in enumerate(seconds)]
    work = workload(*tests, cores=cores)
    schedule = simulate(work, Policy(dist), workers)
    assert -1 not in schedule.worker
    for worker in set(schedule.worker):
        mine = sorted(
            (schedule.start_ns[n], schedule.end_ns[n])
            for n in range(len(tests))
            if schedule.worker[n] == worker
        )
        assert all(end <= start + 1 for (_, end), (start, _) in pairwise(mine))
    whole = sum(each.took_ns for each in tests)
    latency = (2 * len(tests) + 2) * 4 * LATENCY_NS
    assert whole / workers - len(tests) <= schedule.wall_ns <= whole * max(1, cores) + latency
