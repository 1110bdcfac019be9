"""Pictures of frames that pandas doesn't hold: the way back to the rows, in the caller's own kind of frame."""

from __future__ import annotations

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from huntbook import plot


@pytest.fixture(scope="module")
def flows():
    """Give 30,000 events of a day in six groups, one of them null."""
    random = np.random.default_rng(8)
    return pd.DataFrame(
        {
            "id": np.arange(30_000),
            "TimeGenerated": pd.Timestamp("2024-01-01", tz="UTC")
            + pd.to_timedelta(random.integers(0, 86_400_000, 30_000), unit="ms"),
            "kind": random.choice(
                np.array(["a", "b", "c", "d", "e", None], dtype=object),
                30_000,
                p=[0.3, 0.25, 0.2, 0.08, 0.05, 0.12],
            ),
            "port": random.choice([22, 53, 80, 443, 8443], 30_000, p=[0.1, 0.15, 0.2, 0.25, 0.3]),
            "number": random.normal(size=30_000),
        }
    )


@pytest.fixture
def frame(flows, into):
    """Give the events in an engine."""
    return into(flows)


def ids(rows):
    """Return which events the rows are, whatever library holds them."""
    return sorted(nw.from_native(rows).lazy().select("id").collect()["id"].to_list())


@pytest.mark.parametrize("options", [{"max_groups": 3}, {"end_time_column": "TimeGenerated"}])
def test_selected_events_are_the_same_rows_as_from_pandas(flows, frame, options):
    """Cells of a group, of null and of the rest; then single events after a zoom."""
    views = [plot.timeline(rows, group_by="kind", **options) for rows in (flows, frame)]
    for view in views:
        view._sources[0].selected.indices = [2, 90, 91, len(view.data) - 1]
    assert ids(views[0].selected) == ids(views[1].selected)
    assert type(views[1].selected) is type(frame)
    assert views[0]._gate.status == views[1]._gate.status
    assert views[0].where("sql") == views[1].where("sql")
    for view in views:
        view.zoom("2024-01-01 06:00", "2024-01-01 06:10")
        view._sources[1].selected.indices = list(range(len(view.data)))
    assert len(ids(views[0].selected)) == len(views[0].data)
    assert ids(views[0].selected) == ids(views[1].selected)


def test_selected_values_are_the_same_rows_as_from_pandas(flows, frame):
    """Points of the outline."""
    views = [plot.timeline_values(rows, value_column="number", group_by="kind") for rows in (flows, frame)]
    for view in views:
        view.zoom("2024-01-01 06:00", "2024-01-01 06:10")
        view._sources[0].selected.indices = list(range(len(view.data)))
    assert ids(views[0].selected) == ids(views[1].selected)


def test_lanes_are_sorted_searched_and_paged_as_from_pandas(flows, frame):
    """With the same totals."""
    views = [plot.timeline(rows, group_by="kind", max_groups=2) for rows in (flows, frame)]
    for act in (lambda view: view.sort("asc"), lambda view: view.show_page(1), lambda view: view.search("b")):
        for view in views:
            act(view)
        pd.testing.assert_frame_equal(views[0].lanes, views[1].lanes)
        pd.testing.assert_frame_equal(views[0].data, views[1].data)


def test_several_series_may_be_of_several_libraries(flows):
    """Each by its name, and an overlay."""
    engine = duckdb.connect().from_df(flows)
    view = plot.timeline({"mine": flows, "theirs": engine}, overlay_data=pl.from_pandas(flows))
    assert view.data.groupby("lane")["rows"].sum().tolist() == [30_000] * 3


SELECTIONS = {
    "null and one port": (
        lambda drawn: drawn["x"].isna() & (drawn["y"] == 443),
        lambda rows: rows["kind"].isna() & (rows["port"] == 443),
    ),
    "a box": (
        lambda drawn: drawn["x"].isin(["a", "b"]) & drawn["y"].isin([80, 443]),
        lambda rows: rows["kind"].isin(["a", "b"]) & rows["port"].isin([80, 443]),
    ),
    "single circles": (
        lambda drawn: drawn[["x", "y"]].apply(tuple, axis=1).isin([("c", 80), ("a", 443)]),
        lambda rows: (
            ((rows["kind"] == "c") & (rows["port"] == 80)) | ((rows["kind"] == "a") & (rows["port"] == 443))
        ),
    ),
    "the margin": (
        lambda drawn: (drawn["x"] == "2 more") & drawn["y"].isin([443, "1 more"]),
        lambda rows: rows["kind"].isin(["d", "e"]) & rows["port"].isin([443, 22]),
    ),
    "nothing": (lambda drawn: drawn["x"] == "no such", lambda rows: rows["kind"] == "no such"),
}


@pytest.mark.parametrize("selection", SELECTIONS)
def test_selected_pairs_are_the_rows_that_pandas_finds(flows, frame, selection, monkeypatch):
    """In the caller's own kind of frame; of a query a query, for which nothing is asked."""
    circles, rows = SELECTIONS[selection]
    view = plot.matrix(frame, x="kind", y="port", max_categories=4)
    view._sources[0].selected.indices = view.data.index[circles(view.data)].tolist()
    with monkeypatch.context() as patch:
        if isinstance(nw.from_native(frame), nw.LazyFrame):
            patch.setattr(nw.LazyFrame, "collect", None)
        selected = view.selected
    assert type(selected) is type(frame)
    assert ids(selected) == flows["id"][rows(flows)].tolist()
