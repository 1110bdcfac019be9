"""Bursts and gaps in counts by time."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntbook.compute.rhythm import _busy, find_rhythm


def found(counts, width=10):
    """Find them in bins that start at 1,000."""
    return find_rhythm(1_000 + np.arange(len(counts)) * width, np.array(counts))


def test_a_burst_is_a_run_of_dense_bins():
    """With its time, its events, and its rate beside that of all time."""
    counts = [2] * 100
    counts[40:43] = [50, 60, 40]
    (burst,) = found(counts).bursts
    assert (burst.start, burst.end, burst.rows) == (1_400, 1_430, 150)
    assert burst.ratio == pytest.approx(50 / np.mean(counts))


def test_a_gap_is_longer_than_chance_makes_it():
    """Ten empty bins of a hundred among 200 events are one; two are not."""
    assert [(gap.start, gap.end) for gap in found([2] * 50 + [0] * 10 + [2] * 50).gaps] == [(1_500, 1_600)]
    assert found([2] * 50 + [0] * 2 + [2] * 50).gaps == ()


@pytest.mark.parametrize("counts", [[5], [5] * 200, [1, 0, 0, 0, 1], [10**6, 10**6 + 1_000] * 100])
def test_even_few_and_single_counts_have_neither(counts):
    """Nothing stands out."""
    assert (found(counts).all_bursts, found(counts).all_gaps) == (0, 0)


def test_events_that_fall_evenly_have_neither():
    """In 200 draws of even chance at most one gap and one burst in a hundred."""
    random = np.random.default_rng(1)
    rhythms = [found(np.bincount(random.integers(0, 400, 2_000), minlength=400)) for _ in range(200)]
    assert sum(rhythm.all_gaps + rhythm.all_bursts for rhythm in rhythms) <= 2


def test_of_many_the_largest_are_kept_in_order_of_time_and_all_counted():
    """At most three of each."""
    counts = [2] * 400
    for place, size in ((30, 40), (90, 80), (150, 60), (210, 90), (300, 30)):
        counts[place] = size
    rhythm = found(counts)
    assert [burst.rows for burst in rhythm.bursts] == [80, 60, 90]
    assert rhythm.all_bursts == 5


@given(st.lists(st.integers(0, 12), min_size=2, max_size=9).filter(any))
def test_the_states_are_the_cheapest_of_all(counts):
    """No other choice of states costs less."""
    rate = float(np.mean(counts))

    def cost(states):
        paid, before = 0.0, False
        for state, count in zip(states, counts, strict=True):
            paid += state * (rate * 3 - count * math.log(4)) + (state and not before) * 2 * math.log(
                len(counts)
            )
            before = state
        return paid

    best = min(map(cost, itertools.product([False, True], repeat=len(counts))))
    assert cost(_busy(np.array(counts), rate).tolist()) == pytest.approx(best)
