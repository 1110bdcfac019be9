"""From a frame to what a timeline draws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.timeline import prepare_timeline, references
from huntbook.errors import ColumnNotFoundError, DataError, OptionError


@pytest.fixture
def frame():
    """Give four rows; one has no time."""
    return pd.DataFrame(
        {
            "TimeGenerated": pd.to_datetime(["2024-01-02", None, "2024-01-01", "2024-01-03"]),
            "end": pd.to_datetime(["2024-01-02 01:00", None, None, "2024-01-03 00:00"]),
            "high": [True, True, False, None],
            "n": [1, 2, 4, np.nan],
        },
        index=[9, 8, 7, 7],
    )


def test_rows_without_a_time_are_left_out_and_counted(frame):
    """The others keep index and order."""
    prepared = prepare_timeline(frame)
    assert prepared.without_time == 1
    assert prepared.frame.index.tolist() == [9, 7, 7]
    assert len(prepared.events) == 3


@pytest.mark.parametrize(
    "flag", ["high", "n == 1", [True, True, False, False], pd.Series([True, True, False, False])]
)
def test_flags_are_a_column_a_query_or_a_mask(frame, flag):
    """Null is not flagged."""
    assert prepare_timeline(frame, flag=flag).events.flagged.tolist() == [True, False, False]


def test_a_row_without_an_end_ended_when_it_began(frame):
    """So it is an instant among spans."""
    events = prepare_timeline(frame, end_time_column="end").events
    assert (events.ends - events.times).tolist() == [3_600_000_000, 0, 0]


def test_sizes_are_areas(frame):
    """Four times the value is twice the diameter; no number is the smallest."""
    sizes = prepare_timeline(frame, size_column="n").events.sizes
    assert sizes[1] == 2 * sizes[0] == 18


def test_references_of_every_kind(frame):
    """A row, a time, pairs, plain times, and a frame."""
    found = references(
        ref_event=frame.iloc[0],
        ref_time="2024-01-05",
        ref_label="here",
        ref_times=[("2024-01-06", "six"), "2024-01-07"],
        ref_events=frame,
        ref_col="n",
    )
    assert [pd.Timestamp(time, unit="us").day for time, _ in found] == [2, 5, 6, 7, 2, 1, 3]
    assert [label for _, label in found] == ["here", "here", "six", "", "1", "4", "(null)"]


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        (
            {"time_column": "TimeGenerate"},
            ColumnNotFoundError,
            (
                "time_column='TimeGenerate': the frame has no such column. Did you mean 'TimeGenerated'? "
                "It has: 'TimeGenerated', 'end', 'high', 'n', 'never'."
            ),
        ),
        (
            {"time_column": "never"},
            DataError,
            "time_column='never' holds no time in 4 rows, so there is nothing to draw. Name another column.",
        ),
        ({"flag": [True]}, OptionError, "flag holds 1 values for 4 rows. Give one a row."),
        (
            {"flag": "n"},
            OptionError,
            (
                "flag gives float64 values, not booleans. Give a column of booleans, a mask, "
                "or a query such as \"Severity == 'High'\"."
            ),
        ),
    ],
)
def test_bad_input_is_told_with_the_fix(frame, options, kind, message):
    """The whole message."""
    with pytest.raises(kind) as caught:
        prepare_timeline(frame.assign(never=pd.NaT), **options)
    assert str(caught.value) == message


def test_a_reference_row_without_its_time_is_told():
    """The whole message."""
    with pytest.raises(OptionError) as caught:
        references(ref_event={"a": 1})
    assert str(caught.value) == (
        "ref_event has no 'TimeGenerated'. Give a row with that column, name its time column as "
        "ref_time_col, or give the time itself as ref_time."
    )


def test_all_events_of_a_recorded_attack(shared_data):
    """Every row of the recording is in a lane of its channel."""
    import json  # noqa: PLC0415 - only here
    import zipfile  # noqa: PLC0415 - only here

    path = shared_data / "otrf" / "empire_persistence_registry_modification_run_keys_standard_user.zip"
    with zipfile.ZipFile(path) as archive:
        (name,) = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
        rows = [json.loads(line) for line in archive.read(name).splitlines()]
    frame = pd.DataFrame({key: [row.get(key) for row in rows] for key in ("@timestamp", "Channel")})
    events = prepare_timeline(frame, time_column="@timestamp", group_by="Channel").events
    expected = frame["Channel"].value_counts()
    assert len(events) == 40_569
    assert dict(zip(events.lanes.labels, events.lanes.totals, strict=True)) == expected.to_dict()
