"""Events in any window: exact counts, single events, marks, and the rows behind them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntbook.compute.events import BUDGET, Events, even_step
from huntbook.compute.lanes import Arrangement, read_groups
from huntbook.compute.spans import Spans


def events_of(times, groups, *, kind=Events, **options):
    """Put times and groups into lanes."""
    arrangement = Arrangement(size=options.pop("max_groups", 5))
    grouped = read_groups(pd.DataFrame({"g": groups}), "g")
    if kind is Spans:
        return Spans(times, options.pop("ends"), grouped, arrangement, **options)
    return Events(times, grouped, arrangement, **options)


@pytest.fixture(scope="module")
def many():
    """Give 60,000 events, unsorted, in bursts; of nine groups, two with two events each."""
    random = np.random.default_rng(11)
    times = np.concatenate(
        [random.integers(0, 10**9, 40_000), random.normal(7e8, 1e6, 20_000).astype(np.int64)]
    )
    groups = random.choice(list("aaaabbbccdefg"), len(times))
    groups[[5, 6]] = "x"
    groups[[7, 8]] = "y"
    return events_of(random.permutation(times), groups, flagged=np.arange(len(times)) % 20_000 == 17)


def test_all_time_is_drawn_as_exact_counts(many):
    """By lane the cells add up to the totals, within the budget of marks."""
    window = many.window()
    assert window.rows == len(many) == 60_000
    assert window.cells.groupby("lane")["rows"].sum().tolist() == many.lanes.totals.tolist()
    assert 0 < len(window.cells) <= BUDGET
    assert len(window.singles) == 0


@given(st.integers(-(10**8), 11 * 10**8), st.integers(0, 12 * 10**8))
def test_any_window_has_the_rows_that_a_filter_finds(many, start, length):
    """Counted, as cells or as single events; every event of a small window is drawn once."""
    end = start + length
    inside = np.flatnonzero((many.times >= start) & (many.times <= end))
    window = many.window(start, end)
    assert window.rows == len(inside)
    assert many.between(start, end).tolist() == inside.tolist()
    if len(inside) <= BUDGET:
        assert sorted([*window.singles.positions, *window.marked.positions]) == inside.tolist()
    else:
        assert window.cells["rows"].sum() >= len(inside)
        assert len(window.singles) == 0


@given(st.integers(0, 9 * 10**8), st.integers(10**6, 10**9), st.data())
def test_cells_give_back_the_rows_that_they_count(many, start, length, data):
    """Any choice of cells, in any window."""
    window = many.window(start, start + length)
    if not len(window.cells):
        return
    chosen = data.draw(st.lists(st.integers(0, len(window.cells) - 1), unique=True, max_size=20))
    rows = many.in_cells(window, chosen)
    assert len(rows) == window.cells["rows"].iloc[chosen].sum()
    assert set(many.codes[rows]) <= set(window.cells["lane"].iloc[chosen])


def test_windows_are_the_same_before_and_after_many_events_are_sorted(monkeypatch):
    """A pass over the buckets finds what their order finds."""
    monkeypatch.setattr("huntbook.compute.events._SORTED_AT_ONCE", 0)
    random = np.random.default_rng(9)
    times, groups = random.integers(0, 10**9, 60_000), random.choice(list("abc"), 60_000)
    early = events_of(times, groups)
    early._sort = lambda _: None  # as if it were still at work
    late = events_of(times, groups)
    late.window(5, 10**8)
    late._sorting.join()
    assert late._by_bucket is not None
    for start, end in (
        (0, 10**6),
        (10**8, 3 * 10**8),
        (2 * 10**8, 2 * 10**8 + 10),
        (5, 9 * 10**8),
        (10**9, 2 * 10**9),
    ):
        mine, theirs = early.window(start, end), late.window(start, end)
        assert mine.rows == theirs.rows == int(((times >= start) & (times <= end)).sum())
        pd.testing.assert_frame_equal(mine.cells, theirs.cells)
        assert mine.singles.positions.tolist() == theirs.singles.positions.tolist()


def test_another_arrangement_counts_the_same_events_in_other_lanes():
    """As if it had been the first one."""
    random = np.random.default_rng(5)
    times, groups = random.integers(0, 10**6, 20_000), random.choice(list("abcdefgh"), 20_000)
    events = events_of(times, groups, max_groups=3)
    events.window()
    events.arrange(Arrangement(order="ascending", page=1, size=3))
    assert events.lanes.labels == ["d", "e", "f", "5 more"]
    counted = events.window().cells.groupby("lane")["rows"].sum().tolist()
    assert counted == [
        *(int((groups == name).sum()) for name in "def"),
        int((~np.isin(groups, list("def"))).sum()),
    ]
    assert events.window(1_000, 2_000).rows == int(((times >= 1_000) & (times <= 2_000)).sum())


def test_flagged_and_rare_events_are_always_marked(many):
    """Flags, and the groups of two, whatever else is in view."""
    flagged = np.flatnonzero(many.flagged)
    rare = np.flatnonzero(np.isin(many.groups.codes, np.flatnonzero(many.groups.totals == 2)))
    assert len(rare) == 4
    assert many.window().marked.positions.tolist() == sorted({*flagged, *rare})


def test_very_many_flags_are_the_first_of_each_moment():
    """The browser's budget holds; a zoom shows every one."""
    random = np.random.default_rng(3)
    times = random.integers(0, 10**9, 30_000)
    events = events_of(times, random.choice(list("ab"), 30_000), flagged=np.full(30_000, fill_value=True))
    marked = events.window().marked.positions
    assert 400 <= len(marked) <= BUDGET
    assert set(events.codes[marked]) == {0, 1}
    window = events.window(0, 10**7)
    assert window.marked.positions.tolist() == np.flatnonzero(times <= 10**7).tolist()


def test_a_few_events_are_drawn_one_by_one_and_none_is_rare():
    """Nothing can be overlooked there."""
    events = events_of(np.array([3, 1, 2]), ["a", "b", "a"])
    window = events.window()
    assert (window.singles.positions.tolist(), len(window.marked), len(window.cells)) == ([0, 1, 2], 0, 0)


def test_very_many_rare_groups_are_not_marked():
    """Where every group is rare, none is."""
    events = events_of(np.arange(20_000), np.arange(20_000) // 2)
    assert len(events.rare) == 0


def test_the_overview_counts_all_events(many):
    """In bins over all time."""
    starts, counts = many.overview(400)
    assert counts.sum() == len(many)
    assert len(starts) == len(counts) <= 401


@pytest.mark.parametrize("times", [[5], [5, 5, 5], [-(2**60), 2**60]])
def test_times_alone_alike_or_far_apart(times):
    """No division by nothing, no overflow."""
    events = events_of(np.array(times), ["a"] * len(times))
    assert events.window().rows == len(times)
    assert events.overview(10)[1].sum() == len(times)


def test_a_span_is_in_view_as_long_as_any_part_of_it_is():
    """It may have begun before, and end after."""
    starts, ends = np.array([0, 10, 50, 90]), np.array([100, 20, 50, 5])
    spans = events_of(starts, ["a", "a", "b", "b"], kind=Spans, ends=ends)
    assert spans.window(30, 60).singles.positions.tolist() == [0, 2]
    assert spans.window(95, 200).singles.positions.tolist() == [0]
    assert spans.ends.tolist() == [100, 20, 50, 90]
    assert [edge.tolist() for edge in spans.extents()] == [[0, 50], [100, 90]]


def test_many_spans_are_counted_by_their_starts():
    """All of them, once."""
    random = np.random.default_rng(2)
    starts = random.integers(0, 10**7, 20_000)
    spans = events_of(
        starts, np.full(len(starts), "a"), kind=Spans, ends=starts + random.integers(0, 10**5, 20_000)
    )
    window = spans.window()
    assert window.cells["rows"].sum() == 20_000
    assert len(spans.in_cells(window, range(len(window.cells)))) == 20_000


@given(st.integers(1, 8_192), st.integers(40, 240))
def test_the_last_bin_is_as_full_as_a_third_more_of_width_makes_it(buckets, most):
    """Never more bins than asked for, and never much wider ones."""
    step = even_step(buckets, most)
    narrowest = -(-buckets // most)
    assert narrowest <= step <= narrowest * 4 / 3

    def share(width):
        return (buckets % width or width) / width

    assert share(step) >= min(0.75, max(map(share, range(narrowest, narrowest + narrowest // 3 + 1))))
