"""Pictures of frames that pandas doesn't hold: the way back to the rows, in the caller's own kind of frame."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
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
            "kind": random.choice(np.array(["a", "b", "c", "d", "e", None], dtype=object), 30_000),
            "number": random.normal(size=30_000),
        }
    )


ENGINES = {
    "polars": pl.from_pandas,
    "polars lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "pyarrow": pa.Table.from_pandas,
    "duckdb": lambda frame: duckdb.connect().from_df(frame),
}


@pytest.fixture(params=ENGINES)
def frame(request, flows):
    """Give the events in an engine."""
    return ENGINES[request.param](flows)


def ids(rows):
    """Return which events the rows are, whatever library holds them."""
    if isinstance(rows, pl.LazyFrame):
        rows = rows.collect()
    if isinstance(rows, pl.DataFrame):
        return sorted(rows["id"].to_list())
    if isinstance(rows, pd.DataFrame):
        return sorted(rows["id"])
    table = rows if isinstance(rows, pa.Table) else rows.to_arrow_table()
    return sorted(table["id"].to_pylist())


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
