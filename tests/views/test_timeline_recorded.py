"""Timelines of real recordings: every row drawn once, and the way back."""

from __future__ import annotations

import json
import zipfile

import pandas as pd
import pytest

from huntbook import plot


def counted(view):
    """Return how many rows the lanes and the marks of a picture stand for."""
    drawn = view.data
    if (drawn["kind"] == "density").any():
        drawn = drawn[drawn["kind"] == "density"]
    return int(drawn["rows"].sum())


@pytest.fixture(scope="module")
def attack(shared_data):
    """Give the 40,569 events of a recorded attack."""
    path = shared_data / "otrf" / "empire_persistence_registry_modification_run_keys_standard_user.zip"
    with zipfile.ZipFile(path) as archive:
        (name,) = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
        rows = [json.loads(line) for line in archive.open(name)]
    frame = pd.DataFrame(
        {key: [row.get(key) for row in rows] for key in ("@timestamp", "Channel", "EventID")}
    )
    return frame.assign(TimeGenerated=pd.to_datetime(frame["@timestamp"], utc=True))


@pytest.fixture(scope="module")
def connections(shared_data):
    """Give the network connections of a recorded attack, with their durations."""
    path = shared_data / "otrf" / "apt29_day1_combined_zeek.log"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    frame = pd.DataFrame([row for row in rows if row.get("@stream") == "conn"])
    start = pd.to_datetime(frame["ts"], unit="s", utc=True)
    return frame.assign(
        TimeGenerated=start, End=start + pd.to_timedelta(frame["duration"].fillna(0), unit="s")
    )


@pytest.mark.parametrize("group_by", ["Channel", "EventID", ["Channel", "EventID"]])
def test_all_events_of_an_attack(attack, group_by):
    """Totals are those of a group-by; rare ones are drawn one by one; a box gives its rows back."""
    view = plot.timeline(attack, group_by=group_by)
    assert counted(view) == len(attack) == 40_569
    sizes = attack.groupby(group_by, dropna=False).size()
    assert view.lanes["rows"].max() == sizes.max()
    assert set(view._windows[0].marked.positions) == set(view._events.rare)
    view._sources[0].selected.indices = list(range(30))
    assert attack.query(view.where("pandas")).index.tolist() == view.selected.index.tolist()


def test_connections_last_as_long_as_they_were_recorded(connections):
    """Each bar from start to end, in the lane of its service."""
    view = plot.timeline_duration(connections, group_by="proto", end_time_column="End")
    bars = view._sources[1].data
    seconds = (bars["end"] - bars["time"]) / 1_000
    assert len(connections) == 613
    assert sorted(seconds.round(3)) == pytest.approx(
        sorted(connections["duration"].fillna(0).round(3)), abs=0.002
    )


@pytest.mark.parametrize(
    ("name", "group_by", "rows"),
    [
        ("security_alerts", "AlertName", 189),
        ("az_net_flows", "L7Protocol", 460),
        ("win_security_events", "EventID", 25),
        ("host_logons", None, 14),
        ("exchange_operations", None, 1_334),
    ],
)
def test_every_row_of_a_table_is_drawn(shared_data, name, group_by, rows):
    """Times are text in most of them, as a file has them."""
    frame = pd.read_parquet(shared_data / f"{name}.parquet")
    view = plot.timeline(frame, group_by=group_by)
    assert counted(view) == len(frame) == rows
    view._sources[1].selected.indices = list(range(len(view._windows[0].singles)))
    pd.testing.assert_frame_equal(view.selected, frame)


def test_bytes_by_the_hour(shared_data):
    """840 numbers, their lowest and highest in the bar below."""
    frame = pd.read_parquet(shared_data / "bytes_time_series.parquet")
    view = plot.timeline_values(frame, value_column="TotalBytesSent", kind="line")
    bars = view._drawn.below.figure.renderers[0].data_source.data
    assert len(view.data) == 840
    assert bars["high"].max() == pytest.approx(frame["TotalBytesSent"].max())
    assert bars["low"].min() == pytest.approx(frame["TotalBytesSent"].min())
