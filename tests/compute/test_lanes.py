"""Which lane a row is in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.lanes import assign_lanes

FRAME = pd.DataFrame({"g": ["b", "a", "c", "a", None, "a", "c"], "h": [1, 1, 2, 1, 1, 2, 2]})
TIMES = np.array([50, 60, 10, 70, 20, 80, 15])


def lanes(**options):
    """Assign with the defaults of the plot."""
    return assign_lanes(FRAME, TIMES, **({"group_by": "g", "order": "total", "max_groups": 50} | options))


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
    """Each order is what its name says."""
    assert lanes(order=order).labels == expected


def test_every_row_is_in_the_lane_of_its_group():
    """Null is a group; totals are exact."""
    found = lanes()
    assert [found.labels[code] for code in found.codes] == ["b", "a", "c", "a", "(null)", "a", "c"]
    assert found.totals.tolist() == [3, 2, 1, 1]


def test_smaller_groups_share_the_last_lane():
    """With their number as its name."""
    found = lanes(max_groups=1)
    assert (found.labels, found.totals.tolist(), found.rest, found.distinct) == (
        ["a", "3 more"],
        [3, 4],
        3,
        4,
    )


def test_several_columns_make_a_lane_a_combination():
    """Only combinations that occur."""
    found = lanes(group_by=["g", "h"])
    assert found.column == "g, h"
    assert set(found.labels) == {"b, 1", "a, 1", "a, 2", "c, 2", "(null), 1"}
    assert found.totals.sum() == len(FRAME)


def test_no_groups_are_one_lane():
    """All rows are in it."""
    found = lanes(group_by=None)
    assert (found.totals.tolist(), found.column) == ([7], "")
