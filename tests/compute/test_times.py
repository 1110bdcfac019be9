"""Times in any form."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from huntbook.compute.times import NO_TIME, microseconds, moment, stamp
from huntbook.errors import DataError

NOON = 1_710_158_400_000_000  # 2024-03-11 12:00 UTC


@pytest.mark.parametrize(
    "cell",
    [
        pd.Timestamp("2024-03-11 12:00"),
        pd.Timestamp("2024-03-11 12:00", tz="UTC"),
        pd.Timestamp("2024-03-11 13:00", tz="Europe/Berlin"),
        "2024-03-11T12:00:00Z",
        "2024-03-11 12:00:00",
        "2024-03-11T14:00:00+02:00",
        "03/11/2024 12:00 PM",
    ],
)
def test_every_form_of_a_time_is_the_same_microsecond(cell):
    """With a zone or without (then UTC), as a time or as text; as a column and alone."""
    assert microseconds(pd.Series([cell, None]), option="t").tolist() == [NOON, NO_TIME]
    assert moment(cell, option="t") == NOON


def test_text_in_two_forms_is_read():
    """Recorders mix them."""
    cells = pd.Series(["2024-03-11T12:00:00Z", "Mon, 11 Mar 2024 12:00:00 GMT"], name="t")
    assert microseconds(cells, option="t").tolist() == [NOON, NOON]


def test_times_far_from_now_are_read():
    """Nanoseconds would end in 1677 and 2262; 9999 stands for never."""
    cells = pd.Series([dt.datetime(9999, 12, 31, tzinfo=dt.UTC)]).astype("datetime64[us, UTC]")
    assert stamp(int(microseconds(cells, option="t")[0])) == "9999-12-31 00:00:00"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            pd.Series([1, 2], name="epoch"),
            (
                "time_column='epoch' holds int64 values, and numbers may count seconds or milliseconds. "
                "Convert them first: pandas.to_datetime(frame['epoch'], unit='s', utc=True)."
            ),
        ),
        (
            pd.Series(["2024-03-11", "yesterday-ish", "?"], name="when"),
            (
                "time_column='when' holds 2 values that are no times, the first is 'yesterday-ish'. "
                "Convert the column with pandas.to_datetime(frame['when'], format=..., utc=True)."
            ),
        ),
    ],
)
def test_what_is_no_time_is_told(cells, message):
    """The whole message."""
    with pytest.raises(DataError) as caught:
        microseconds(cells, option="time_column")
    assert str(caught.value) == message


@pytest.mark.parametrize("value", ["soonish", None])
def test_one_time_that_is_none_is_told(value):
    """For zoom and references."""
    with pytest.raises(DataError, match=r"^start=.* Give "):
        moment(value, option="start")
