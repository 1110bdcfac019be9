"""A timeline's selection as a filter finds the rows that `selected` holds."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

from huntbook import plot
from huntbook.errors import OptionError


@pytest.fixture(scope="module")
def frame():
    """Give 20,000 events over a day in 12 groups, with null and hostile names, each at a time of its own."""
    random = np.random.default_rng(2)
    seconds = random.choice(86_400_000, 20_000, replace=False)
    names = np.array(
        ["it's", 'say "hi"', "{x}", "a\\b", "ü", "f", "g", "h", "i", "j", "k", None], dtype=object
    )
    start = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(seconds, unit="ms")
    return pd.DataFrame(
        {
            "Row": range(20_000),
            "TimeGenerated": start,
            "End": start + pd.to_timedelta(random.integers(1, 60_000, 20_000), unit="ms"),
            "Name": names[np.minimum(random.geometric(0.25, 20_000) - 1, 11)],
            "Port": random.choice([22, 80, 443], 20_000),
            "Bytes": random.normal(size=20_000),
        }
    )


def same_rows(frame, view, selected=None, **options):
    """Assert that both filters find the selected rows, of which there are some."""
    expected = (view.selected if selected is None else selected)["Row"].tolist()
    assert expected
    assert frame.query(view.where("pandas", **options))["Row"].tolist() == expected
    filtered = duckdb.sql(f"SELECT Row FROM frame WHERE {view.where('sql', **options)} ORDER BY Row")  # noqa: S608 - what is tested
    assert [row for (row,) in filtered.fetchall()] == expected
    assert view.where("kql", **options).startswith("| where ")


def box(view, lanes, first, last):
    """Select the cells of some lanes between two bins, as a box drawn with the mouse does."""
    cells = view._windows[0].cells
    inside = cells["lane"].isin(lanes) & cells["bin"].between(first, last)
    view._sources[0].selected.indices = np.flatnonzero(inside).tolist()


GROUPINGS = [None, "Name", ["Name", "Port"]]


@pytest.mark.parametrize("group_by", GROUPINGS)
@pytest.mark.parametrize("lanes", [[0], [0, 2], [3], [1, 3]])
def test_a_box_of_cells(frame, group_by, lanes):
    """Lanes and times; the last lane of four is what the others are not."""
    view = plot.timeline(frame, group_by=group_by, max_groups=3)
    box(view, lanes if group_by else [0], 10, 40)
    same_rows(frame, view)


def test_a_box_is_one_short_condition(frame):
    """Two lanes and a stretch."""
    view = plot.timeline(frame, group_by="Port")
    box(view, [0, 1], 0, 20)
    assert view.where("sql").count("BETWEEN") == 1
    assert "Port IN (" in view.where("sql")


@pytest.mark.parametrize("group_by", GROUPINGS)
def test_scattered_cells(frame, group_by):
    """Any choice, at full size and after a zoom."""
    view = plot.timeline(frame, group_by=group_by, max_groups=3, sort="rarity")
    view._sources[0].selected.indices = [0, 3, 4, 17, 60]
    same_rows(frame, view)
    view.zoom("2024-01-01 02:00", "2024-01-01 20:00")
    view._sources[0].selected.indices = [1, 2, 30]
    same_rows(frame, view)


@pytest.mark.parametrize("group_by", GROUPINGS)
@pytest.mark.parametrize("end", [None, "End"])
def test_single_and_marked_events(frame, group_by, end):
    """By lane and time, instants and spans."""
    view = plot.timeline(frame, group_by=group_by, max_groups=3, flag="Bytes > 2", end_time_column=end)
    view.zoom("2024-01-01 06:00", "2024-01-01 06:30")
    view._sources[1].selected.indices = [0, 5, 6, 7]
    view._sources[2].selected.indices = [0]
    same_rows(frame, view)


def test_all_layers_together(frame):
    """Cells and marks of one selection."""
    view = plot.timeline(frame, group_by="Name", flag="Bytes > 3")
    view._sources[0].selected.indices = [5]
    view._sources[2].selected.indices = [1, 2]
    same_rows(frame, view)


@pytest.mark.parametrize("finer", [0, 123])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
def test_times_of_any_zone_and_fineness(frame, zone, finer):
    """Naive times are UTC; nanoseconds are kept."""
    times = (frame["TimeGenerated"].dt.tz_localize(None) + pd.Timedelta(finer, "ns")).dt.as_unit("ns")
    times = times if zone is None else times.dt.tz_localize("UTC").dt.tz_convert(zone)
    other = frame.assign(TimeGenerated=times)
    view = plot.timeline(other, group_by="Port")
    box(view, [1], 5, 9)
    rows = view.selected["Row"].tolist()
    assert other.query(view.where("pandas"))["Row"].tolist() == rows != []
    view.zoom("2024-01-01 06:00", "2024-01-01 06:30")
    view._sources[1].selected.indices = [0, 3]
    assert other.query(view.where("pandas"))["Row"].tolist() == view.selected["Row"].tolist()


def test_numbers_by_group_time_and_number(frame):
    """The points of a picture of values."""
    view = plot.timeline_values(frame, value_column="Bytes", group_by="Name", max_groups=3, flag="Bytes > 3")
    view._sources[0].selected.indices = [0, 9, 500]
    view._sources[1].selected.indices = [1]
    same_rows(frame, view)


def test_the_overlay_and_each_series_have_their_own(frame):
    """By name."""
    other = frame.iloc[::40].reset_index(drop=True)
    view = plot.timeline(frame, overlay_data=other)
    view._drawn.layers[1].sources[1].selected.indices = [2, 3]
    same_rows(other, view, view.selected_overlay, series="overlay")
    several = plot.timeline({"all": frame, "few": other})
    several._drawn.layers[1].sources[1].selected.indices = [4]
    same_rows(other, several, several.selected["few"], series="few")


def test_durations_too(frame):
    """The third picture is a timeline."""
    view = plot.timeline_duration(frame, group_by="Name", end_time_column="End", max_groups=3)
    box(view, [0, 3], 4, 9)
    same_rows(frame, view)


def test_nothing_selected_finds_nothing(frame):
    """In every dialect."""
    view = plot.timeline(frame)
    assert len(frame.query(view.where("pandas"))) == 0
    assert (view.where("sql"), view.where()) == ("1 = 0", "| where false")


def test_times_that_are_text_can_not_be_compared_by_pandas(frame):
    """The whole message; KQL and SQL are for tables, whose times are times."""
    text = frame.head(50).assign(
        TimeGenerated=lambda each: each["TimeGenerated"].dt.strftime("%Y-%m-%d %H:%M:%S.%f")
    )
    view = plot.timeline(text)
    view._sources[1].selected.indices = [3, 4]
    assert "datetime(" in view.where("kql")
    with pytest.raises(OptionError) as caught:
        view.where("pandas")
    assert str(caught.value) == (
        "dialect='pandas': the times in 'TimeGenerated' are text, which DataFrame.query can't compare. Convert them "
        "first: frame['TimeGenerated'] = pandas.to_datetime(frame['TimeGenerated'], utc=True)."
    )


@pytest.mark.parametrize(
    ("series", "message"),
    [
        (None, "series=None: there are several. Give one of 'all', 'few'."),
        ("fw", "series='fw' is not known. Did you mean 'few'? It takes: 'all', 'few'."),
    ],
)
def test_a_series_that_is_not_clear_is_told(frame, series, message):
    """The whole message."""
    with pytest.raises(OptionError) as caught:
        plot.timeline({"all": frame, "few": frame}).where(series=series)
    assert str(caught.value) == message
