"""What a timeline draws, from every engine the same as from pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.engines.table import open_frame
from huntbook.compute.engines.timeline import prepare_engine_timeline
from huntbook.compute.timeline import prepare_timeline


@pytest.fixture(scope="module")
def rows():
    """Give 20,000 events of a day: microseconds, nulls, unicode, a rare group, and ends."""
    random = np.random.default_rng(7)
    count = 20_000
    naive = pd.Series(
        pd.Timestamp("2024-03-11") + pd.to_timedelta(random.integers(0, 86_400 * 10**6, count), "us")
    )
    rows = pd.DataFrame(
        {
            "naive": naive,
            "zoned": naive.dt.tz_localize("UTC"),
            "end": naive + pd.to_timedelta(random.integers(-60, 3_600, count), unit="s"),
            "group": random.choice(np.array(["a", "a", "a", "é<b>", "", None], dtype=object), count),
            "number": random.integers(0, 9, count),
            "id": np.arange(count),
            "bad": random.random(count) < 0.02,
        }
    )
    rows.loc[5::1_000, ["naive", "zoned"]] = pd.NaT
    rows.loc[::7, "end"] = pd.NaT
    rows.loc[[100, 200], "group"] = "rare"
    return rows


def said(marks):
    """Return what is drawn of single events, in an order of its own."""
    parts = [marks.times, marks.lanes, *(part for part in (marks.ends, marks.sizes) if part is not None)]
    details = marks.details.astype(str).to_numpy().T
    return sorted(zip(*(np.round(part, 3).tolist() for part in parts), *details.tolist(), strict=True))


@pytest.mark.parametrize(
    "options",
    [
        {"time_column": "naive", "group_by": "group", "source_columns": ["number"]},
        {
            "time_column": "zoned",
            "group_by": ["group", "number"],
            "order": "first",
            "flag": "bad",
            "max_groups": 9,
        },
        {"time_column": "naive", "end_time_column": "end", "group_by": "group", "size_column": "number"},
        {"time_column": "zoned", "group_by": "id", "order": "ascending", "max_groups": 5},
    ],
)
def test_every_engine_draws_what_pandas_draws(rows, into, options):
    """Lanes, totals, overview, counts by lane and bin, and every single mark, in wide and in narrow windows."""
    expected = prepare_timeline(rows, **options)
    found = prepare_engine_timeline(open_frame(into(rows)), **options)
    mine, theirs = found.events, expected.events
    assert found.without_time == expected.without_time
    for name in ("start", "end", "flagged_total", "rare_total"):
        assert getattr(mine, name) == getattr(theirs, name)
    assert (mine.lanes.labels, mine.lanes.keys) == (theirs.lanes.labels, theirs.lanes.keys)
    assert mine.lanes.totals.tolist() == theirs.lanes.totals.tolist()
    assert mine.overview(100)[1].tolist() == theirs.overview(100)[1].tolist()
    third = mine.start + (mine.end - mine.start) // 3
    for window in ((None, None), (third, 2 * third), (third, third + 10**9), (mine.end + 5, mine.end + 9)):
        own, other = mine.window(*window), theirs.window(*window)
        assert (own.rows, own.origin, own.width, own.stop) == (
            other.rows,
            other.origin,
            other.width,
            other.stop,
        )
        assert own.cells.to_numpy().tolist() == other.cells.to_numpy().tolist()
        assert (said(own.singles), said(own.marked)) == (said(other.singles), said(other.marked))


def test_rare_groups_are_found_among_more_than_are_fetched(into, monkeypatch):
    """The 20 groups of three rows, though only the 30 largest of 80 are known by name."""
    monkeypatch.setattr("huntbook.compute.engines.groups._MOST", 30)
    times = pd.Timestamp("2024-03-11") + pd.to_timedelta(np.arange(6_060), "s")
    groups = [*np.repeat([f"large {at}" for at in range(60)], 100), *[f"rare {at}" for at in range(20)] * 3]
    rows = pd.DataFrame({"TimeGenerated": times, "group": groups})
    found = prepare_engine_timeline(open_frame(into(rows)), group_by="group", max_groups=5).events
    expected = prepare_timeline(rows, group_by="group", max_groups=5).events
    assert found.rare_total == expected.rare_total == 60
    assert sorted(found.window().marked.times) == sorted(times[6_000:].as_unit("us").asi8)
