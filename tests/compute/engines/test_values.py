"""Numbers over time, from every engine the same as from pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.engines.table import open_frame
from huntbook.compute.engines.values import prepare_engine_values
from huntbook.compute.values import prepare_values
from huntbook.errors import DataError


@pytest.fixture(scope="module")
def rows():
    """Give 20,000 numbers, some of them missing or not finite, in three groups."""
    random = np.random.default_rng(9)
    count = 20_000
    return pd.DataFrame(
        {
            "time": pd.Timestamp("2024-03-11", tz="UTC")
            + pd.to_timedelta(random.permutation(count) * 4_000_000 + 17, unit="us"),
            "group": random.choice(np.array(["a", "b", None], dtype=object), count),
            "number": np.where(random.random(count) < 0.1, np.nan, random.normal(size=count)),
            "bad": random.random(count) < 0.01,
        }
    )


def said(marks):
    """Return what is drawn."""
    return sorted(zip(marks.times.tolist(), marks.lanes.tolist(), marks.numbers.tolist(), strict=True))


def test_every_engine_draws_what_pandas_draws(rows, into):
    """The outline of many, all of few, the flagged, the overview, and what is left out."""
    options = {"value_column": "number", "time_column": "time", "group_by": "group", "flag": "bad"}
    expected = prepare_values(rows, **options)
    found = prepare_engine_values(open_frame(into(rows)), **options)
    assert said(found.drawn()) == said(expected.drawn())
    assert said(found.marks()) == said(expected.marks())
    start = expected.events.start
    assert said(found.drawn(start + 10**10, start + 2 * 10**10)) == said(
        expected.drawn(start + 10**10, start + 2 * 10**10)
    )
    assert (found.extremes, found.skipped) == (expected.extremes, expected.skipped)
    np.testing.assert_array_equal(found.profile().high, expected.profile().high)
    assert found.profile().rhythm == expected.profile().rhythm


def test_a_column_without_numbers_is_told(rows, into):
    """As for pandas, the whole message."""
    with pytest.raises(DataError) as caught:
        prepare_engine_values(
            open_frame(into(rows.assign(number=np.nan))), value_column="number", time_column="time"
        )
    assert str(caught.value) == (
        "No row has both a time in 'time' and a finite number in 'number', of 20,000 rows. "
        "Name other columns as time_column and value_column."
    )
