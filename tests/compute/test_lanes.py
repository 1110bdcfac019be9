"""Which lane a group is in: order, search, pages, and the lane of all others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.lanes import Arrangement, arrange, read_groups

FRAME = pd.DataFrame({"g": ["b", "a", "c", "a", None, "a", "c"], "h": [1, 1, 2, 1, 1, 2, 2]})
TIMES = np.array([50, 60, 10, 70, 20, 80, 15])


def lanes(group_by="g", frame=FRAME, **options):
    """Arrange the groups and return the lanes."""
    return arrange(read_groups(frame, group_by), TIMES, Arrangement(**options))[0]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("total", ["a", "c", "b", "(null)"]),
        ("rarity", ["b", "(null)", "c", "a"]),
        ("ascending", ["(null)", "a", "b", "c"]),
        ("descending", ["c", "b", "a", "(null)"]),
        ("first", ["c", "(null)", "b", "a"]),
        ("last", ["a", "b", "(null)", "c"]),
    ],
)
def test_order(order, expected):
    """Each order is what its name says, and pages follow it."""
    assert lanes(order=order).labels == expected
    second = lanes(order=order, page=1, size=2)
    assert second.labels == [*expected[2:], "2 more"]
    assert second.totals.sum() == len(FRAME)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([10, 9, 100, 9, 9, 9, 9], ["9", "10", "100"]),
        (["b", 10, 9, 9, 9, 9, None], ["(null)", "10", "9", "b"]),
        (pd.to_datetime(["2024-01-02", "2023-05-01"] + [None] * 5), ["(null)", "2023-05-01", "2024-01-02"]),
    ],
)
def test_names_that_are_numbers_or_times_are_in_order_of_size(values, expected):
    """A mixture is in order of its text."""
    assert lanes(frame=pd.DataFrame({"g": values}), order="ascending").labels == expected


def test_every_row_is_in_the_lane_of_its_group():
    """Null is a group; totals are exact; each lane knows its values."""
    groups = read_groups(FRAME, "g")
    found, place = arrange(groups, TIMES, Arrangement())
    assert [found.labels[lane] for lane in place[groups.codes]] == ["b", "a", "c", "a", "(null)", "a", "c"]
    assert found.totals.tolist() == [3, 2, 1, 1]
    assert found.keys == [("a",), ("c",), ("b",), (None,)]


def test_smaller_groups_share_the_last_lane():
    """With their number as its name."""
    found = lanes(size=1)
    assert (found.labels, found.totals.tolist(), found.keys) == (["a", "3 more"], [3, 4], [("a",)])
    assert (found.rest, found.distinct, found.found, found.pages) == (3, 4, 4, 4)


@pytest.mark.parametrize(
    ("search", "expected", "found"),
    [("A", ["a", "3 more"], 1), ("null", ["(null)", "3 more"], 1), ("nowhere", ["4 more"], 0)],
)
def test_a_search_leaves_lanes_to_the_groups_with_that_text(search, expected, found):
    """In any case; every other row is in the last lane."""
    hit = lanes(search=search)
    assert (hit.labels, hit.found, hit.totals.sum()) == (expected, found, len(FRAME))


@pytest.mark.parametrize(("page", "expected"), [(-3, 0), (99, 1)])
def test_a_page_beyond_the_end_is_the_one_at_the_end(page, expected):
    """Nothing is empty."""
    assert lanes(size=3, page=page).arrangement.page == expected


def test_several_columns_make_a_lane_a_combination():
    """Only combinations that occur."""
    found = lanes(["g", "h"])
    assert (found.column, found.columns) == ("g, h", ("g", "h"))
    assert found.labels == ["a, 1", "c, 2", "b, 1", "(null), 1", "a, 2"]
    assert found.keys[0] == ("a", 1)
    assert found.totals.sum() == len(FRAME)
    assert lanes(["g", "h"], order="ascending").labels == ["(null), 1", "a, 1", "a, 2", "b, 1", "c, 2"]


def test_no_groups_are_one_lane():
    """All rows are in it."""
    found = lanes(None)
    assert (found.labels, found.totals.tolist(), found.column) == (["all"], [7], "")
