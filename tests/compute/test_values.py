"""Numbers over time: the outline of many, and what is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.values import prepare_values
from huntbook.errors import DataError


@pytest.fixture(scope="module")
def many():
    """Give 40,000 numbers of three groups in random order, one of them a peak."""
    random = np.random.default_rng(6)
    frame = pd.DataFrame(
        {
            "TimeGenerated": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(random.integers(0, 86_400_000, 40_000), unit="ms"),
            "n": random.normal(size=40_000),
            "g": random.choice(list("abc"), 40_000),
        }
    )
    frame.loc[12_345, "n"] = 99.0
    return frame


def test_few_numbers_are_all_drawn(many):
    """In frame order."""
    assert prepare_values(many.head(100), value_column="n").drawn().positions.tolist() == list(range(100))


def test_of_many_numbers_each_group_and_moment_has_its_lowest_and_highest(many):
    """The drawn rows have the extremes that a group-by of all rows finds; no peak is lost."""
    values = prepare_values(many, value_column="n", group_by="g")
    drawn = values.drawn().positions
    assert 0 < len(drawn) <= 5_000
    assert 12_345 in drawn
    bins = 5_000 // 6
    first, last = values.events.start, values.events.end
    width = -(-(last - first + 1) // bins)
    keyed = pd.DataFrame(
        {"g": values.events.codes, "bin": (values.events.times - first) // width, "n": values.numbers}
    )
    expected = keyed.groupby(["g", "bin"])["n"].agg(["min", "max"])
    found = keyed.iloc[drawn].groupby(["g", "bin"])["n"].agg(["min", "max"])
    pd.testing.assert_frame_equal(found, expected)


def test_a_stretch_reaches_a_little_beyond_so_that_lines_go_on(many):
    """All rows of the stretch are drawn, and some on either side."""
    values = prepare_values(many, value_column="n")
    low = values.events.start + 10**9
    high = low + 10**9
    drawn = values.drawn(low, high).positions
    inside = np.flatnonzero((values.events.times >= low) & (values.events.times <= high))
    assert set(inside) < set(drawn)


def test_rows_without_a_time_or_a_finite_number_are_counted():
    """They are not drawn; the others keep their index."""
    frame = pd.DataFrame(
        {"TimeGenerated": ["2024-01-01", None, "2024-01-02", "2024-01-03"], "n": [1.0, 2.0, np.inf, 3.0]},
        index=list("abcd"),
    )
    values = prepare_values(frame, value_column="n", flag="n > 2")
    assert (values.skipped, values.frame.index.tolist()) == (2, ["a", "d"])
    assert values.events.flagged.tolist() == [False, True]


def test_a_column_without_numbers_is_told():
    """The whole message."""
    frame = pd.DataFrame({"TimeGenerated": ["2024-01-01"], "n": [np.nan]})
    with pytest.raises(DataError) as caught:
        prepare_values(frame, value_column="n")
    assert str(caught.value) == (
        "No row has both a time in 'TimeGenerated' and a finite number in 'n', of 1 rows. "
        "Name other columns as time_column and value_column."
    )
