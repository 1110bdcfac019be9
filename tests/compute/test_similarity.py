"""Orders that put what is alike beside each other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from huntbook.compute.similarity import seriate


def test_a_band_is_found_again():
    """Rows that each meet their two neighbours come in order, forwards or backwards."""
    size = 12
    band = np.array([[float(abs(row - column) < 2) for column in range(size)] for row in range(size)])
    mixed = np.random.default_rng(3).permutation(size)
    rows, columns = seriate(band[np.ix_(mixed, mixed)])
    for order in (mixed[rows].tolist(), mixed[columns].tolist()):
        assert order in (list(range(size)), list(range(size))[::-1])


def test_groups_come_one_after_the_other_the_busiest_first():
    """Whoever shares no pair with the others is apart from them."""
    counts = np.zeros((6, 4))
    counts[np.ix_([0, 3], [1])] = 1
    counts[np.ix_([1, 2, 5], [0, 2])] = 5
    rows, columns = seriate(counts)
    assert (set(rows[:3]), set(rows[3:5]), rows[5]) == ({1, 2, 5}, {0, 3}, 4)
    assert (set(columns[:2]), columns[2], columns[3]) == ({0, 2}, 1, 3)


@given(
    arrays(np.float64, st.tuples(st.integers(0, 7), st.integers(0, 7)), elements=st.integers(0, 9).map(float))
)
def test_each_row_and_column_is_there_once_and_the_order_is_the_same_each_time(counts):
    """Whatever the counts."""
    rows, columns = seriate(counts)
    assert sorted(rows) == list(range(counts.shape[0]))
    assert sorted(columns) == list(range(counts.shape[1]))
    again = seriate(counts)
    assert (rows.tolist(), columns.tolist()) == (again[0].tolist(), again[1].tolist())


@given(st.integers(1, 7), st.integers(1, 7), st.integers(1, 9))
def test_what_is_all_alike_keeps_its_order(height, width, count):
    """On every processor: no axis tells such rows apart."""
    rows, columns = seriate(np.full((height, width), float(count)))
    assert rows.tolist() == list(range(height))
    assert columns.tolist() == list(range(width))
