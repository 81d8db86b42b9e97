"""Where series change, and how far chance goes."""

from itertools import combinations, permutations
from math import factorial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.analysis.history.make_null_table import LENGTHS, LEVELS, lines, quantiles
from tracetui.analysis.history import rank_scan
from tracetui.analysis.history.rank_scan import AFTER, BEFORE, LEAST, by_chance, scan, scores

Floats = NDArray[np.float64]


def line(*values: float) -> Floats:
    return np.array([values], np.float64)


def stepped(before: int, after: int) -> Floats:
    """Noise, and from a place on more of it."""
    noise = np.random.default_rng(before * 100 + after).random(before + after)
    noise[before:] += 10
    return noise[None]


def no(values: Floats) -> NDArray[np.bool_]:
    return np.zeros(values.shape, np.bool_)


def test_a_step_is_where_it_is() -> None:
    """Six runs before, four after: nothing splits better."""
    values = line(1, 2, 1.5, 1.2, 1.7, 1.1, 9, 8, 7, 9.5)
    found = scan(values, no(values))
    assert found.place.tolist() == [6]
    assert 0 < found.p[0] <= 0.02


@pytest.mark.parametrize(("before", "after"), [(BEFORE, AFTER), (BEFORE, AFTER + 4), (BEFORE + 4, AFTER)])
def test_the_ends_leave_enough_runs(before: int, after: int) -> None:
    """A step may lie five runs from the beginning and three from the end; nearer it is not looked for."""
    values = stepped(before, after)
    assert abs(scan(values, no(values)).place[0] - before) <= 1
    nearer = stepped(before - 1, after + 1) if before == BEFORE else stepped(before + 1, after - 1)
    (place,) = scan(nearer, no(nearer)).place.tolist()
    assert BEFORE <= place <= nearer.shape[1] - AFTER


def test_series_of_several_lengths_stand_in_one_table() -> None:
    """What is behind the end of a series changes nothing of it; what is too short has no p."""
    short, long_ = line(1, 2, 3, 4, 5, 9, 8, 7), line(1, 2, 3, 4, 5, 6, 9, 8, 7, 10, 11)
    both = np.full((3, 11), np.nan)
    both[0, :8], both[1], both[2, :7] = short, long_, 1.0
    found = scan(both, no(both))
    alone = [scan(each, no(each)) for each in (short, long_)]
    assert found.place.tolist()[:2] == [each.place[0] for each in alone]
    assert found.p.tolist()[:2] == [each.p[0] for each in alone]
    assert np.isnan(found.p[2])


def test_equal_values_tell_nothing() -> None:
    """A clock that is too coarse makes no change."""
    values = np.full((1, 30), 5.0)
    assert scan(values, no(values)).p.tolist() == [1.0]
    assert scan(values, no(values)).place.tolist() == [0]


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=12))
def test_scores_count_who_is_surely_less_and_more(series: list[tuple[int, bool]]) -> None:
    """By definition, pair by pair: a lower bound may be anything above it."""

    def surely_less(one: tuple[int, bool], other: tuple[int, bool]) -> bool:
        return not one[1] and (one[0] < other[0] or (one[0] == other[0] and other[1]))

    expected = [
        sum(surely_less(other, each) for other in series) - sum(surely_less(each, other) for other in series)
        for each in series
    ]
    values = line(*(value for value, _ in series))
    assert scores(values, np.array([[bound for _, bound in series]])).tolist() == [expected]


def test_runs_that_were_killed_still_show_that_a_test_became_slower() -> None:
    """All runs since are killed after 60 s: it took at least so long, which is more than ever before."""
    usual = np.random.default_rng(1).uniform(50, 59, 12)
    values = line(*usual, *[60.0] * 6)
    killed = values == 60
    assert scan(values, killed).place.tolist() == [12]
    assert scan(values, killed).p[0] < 0.005
    early = line(*usual, *[2.0] * 6)  # Killed early for other reasons: nobody knows.
    assert scan(early, early == 2).p[0] == 1.0


def test_chance_of_the_shortest_series_is_exact() -> None:
    """Five before and three after is one place: the share of all orders is the table's, level for level."""
    sums = [sum(chosen) for chosen in combinations(range(8), 3)]
    centred = np.abs(np.array(sums) - 3 * 3.5)
    z = centred / np.sqrt(3 * 5 * 9 / 12)
    for height in np.unique(z):
        exact = float((z >= height - 1e-9).mean())
        told = float(by_chance(np.array([height]), np.array([8]))[0])
        assert exact * 0.98 <= told
    assert by_chance(np.array([z.max()]), np.array([8]))[0] == pytest.approx(2 / 56, abs=0.02)


def test_chance_of_nine_runs_is_that_of_all_their_orders() -> None:
    """Counted over all of the 9! orders: what is told is never less, and at levels it is near."""
    orders = np.array(list(permutations(range(9))), np.float64)
    assert len(orders) == factorial(9)
    centred = orders - 4
    sums = np.abs(np.cumsum(centred, axis=1))
    z = np.maximum(*(sums[:, k - 1] / np.sqrt(k * (9 - k) * 60 / 72) for k in (5, 6)))
    for height, most in ((2.2045, 0.05), (2.4494, 0.02)):
        assert 0.2 * most < float((z >= height).mean()) <= most * 1.02


def test_chance_falls_with_z_and_is_never_nothing() -> None:
    """Between the lengths of the table too, and far beyond its last level."""
    heights = np.linspace(0, 12, 200)
    for length in (8, 13, 34, 75, 600, 1000, 5000):
        p = by_chance(heights, np.full(200, length))
        assert (np.diff(p) <= 0).all()
        assert p[0] == 1
        assert p[-1] > 0
    longer = by_chance(np.full(4, 4.0), np.array([40, 75, 300, 900]))
    assert (np.diff(longer) > 0).all()


def test_the_table_is_what_its_script_makes() -> None:
    """Its head is the script's; its first lines, made with fewer orders, come near."""
    shipped = Path(rank_scan.__file__).with_name("null_table.csv").read_text().splitlines()
    made = list(lines(LENGTHS[2:40:12], 20_000))
    assert shipped[:2] == made[:2]
    assert [int(each.partition(",")[0]) for each in shipped[2:]] == list(LENGTHS)
    by_length = {each.partition(",")[0]: each for each in shipped[2:]}
    for each in made[2:]:
        length, *quick = each.split(",")
        exact = by_length[length].split(",")[1:]
        for level, one, other in zip(LEVELS[:6], quick, exact, strict=False):
            assert float(one) == pytest.approx(float(other), rel=0.05 if level > 0.01 else 0.1)


def test_a_quantile_is_the_least_value_that_few_reach() -> None:
    """Of equal values all count; where too many are the greatest, no value will do."""
    values = np.array([1.0] * 50 + [2.0] * 40 + [3.0] * 10)
    found = dict(zip(LEVELS, quantiles(values), strict=True))
    assert (found[0.5], found[0.1], found[0.05]) == (2.0, 3.0, float("inf"))
    assert LEAST == BEFORE + AFTER
