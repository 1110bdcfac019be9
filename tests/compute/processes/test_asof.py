"""The last entry of a group at or before a time."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from huntbook.compute.processes.asof import AsOf, ranks

entries = st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 5)), max_size=12)


def sorted_by_time(pairs):
    """Return groups and times of entries in order of time."""
    pairs = sorted(pairs, key=lambda pair: pair[1])
    return np.array([group for group, _ in pairs], dtype=np.int64), np.array(
        [when for _, when in pairs], dtype=np.int64
    )


@given(entries, st.integers(0, 4), st.integers(-6, 6))
def test_the_last_and_the_next_are_those_of_a_loop(pairs, asked_group, asked_when):
    """The last at or before, ties included, and the first after it; none where there is none."""
    group, when = sorted_by_time(pairs)
    begun, asked = ranks(when, np.array([asked_when]))
    found = AsOf.of(np.arange(len(group)), group, begun)
    place = found.last(np.array([asked_group]), asked)
    following = found.after(np.array([asked_group]), place)
    home = [entry for entry in range(len(group)) if group[entry] == asked_group]
    before = [entry for entry in home if when[entry] <= asked_when]
    later = [entry for entry in home if when[entry] > asked_when]
    assert [int(found.order[p]) for p in place if p >= 0] == before[-1:]
    assert [int(found.order[p]) for p in following if p >= 0] == later[:1]


@given(st.lists(st.integers(-9, 9), min_size=1), st.lists(st.integers(-9, 9)))
def test_ranks_compare_as_their_times_do(times, asked):
    """Small numbers in the place of large ones, in the same order; what is asked has the rank of the last not after it."""
    own, theirs = ranks(np.array(times), np.array(asked, dtype=np.int64))
    for time, rank in zip(times, own.tolist(), strict=True):
        for other, its in zip(asked, theirs.tolist(), strict=True):
            assert (time <= other) == (rank <= its)
