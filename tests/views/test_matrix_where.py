"""The selection of a matrix as a filter: run by pandas and by DuckDB it gives the selected rows."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huntbook import plot

CELLS = {
    "text": ["a", "it's", "C:\\x", "b`c", None, "", "<script>"],
    "number": [1.0, 2.5, None, 3.0],
    "whole": pd.array([1, 2, None, 2**60], dtype="Int64"),
    "time": pd.to_datetime(["2024-03-11 08:00Z", "2024-03-11 09:30Z", None]),
    "truth": [True, False],
}


@pytest.fixture(scope="module")
def frame():
    """Give 200 rows of five kinds of columns."""
    random = np.random.default_rng(5)
    columns = {name: pd.Series(cells) for name, cells in CELLS.items()}
    return pd.DataFrame(
        {
            name: cells.take(random.integers(0, len(cells), 200)).reset_index(drop=True)
            for name, cells in columns.items()
        }
    )


def found(frame, view):
    """Return the rows that the view's filters find."""
    numbered = frame.assign(row=range(len(frame)))
    queried = numbered.query(view.where("pandas"))["row"].tolist()
    asked = duckdb.sql("SELECT * FROM numbered").filter(view.where("sql")).select("row").fetchall()
    return queried, sorted(row[0] for row in asked)


@settings(max_examples=30)
@given(st.data())
def test_any_selection_gives_its_rows(frame, data):
    """Boxes, single circles, margins, nulls, in every kind of column."""
    x, y = data.draw(st.permutations(sorted(CELLS)))[:2]
    view = plot.matrix(frame, x=x, y=y, max_categories=data.draw(st.integers(1, 4)))
    chosen = data.draw(st.sets(st.sampled_from(range(len(view.data)))))
    view._sources[0].selected.indices = sorted(chosen)
    expected = view.selected.index.tolist()
    assert found(frame, view) == (expected, expected)


def test_a_box_is_two_short_tests():
    """Not a list of pairs."""
    flows = pd.DataFrame({"host": list("aabbcba"), "port": [1, 2, 1, 2, 1, 3, 3]})
    view = plot.matrix(flows, x="host", y="port")
    inside = (view.data["x"] != "c") & (view.data["y"] != 3)
    view._sources[0].selected.indices = view.data.index[inside].tolist()
    assert view.where() == '| where host in ("a", "b") and port in (1, 2)'
    assert view.where("sql") == "host IN ('a', 'b') AND port IN (1, 2)"


def test_whole_columns_name_one_side_only():
    """What a side is pulled in for is short to read."""
    flows = pd.DataFrame({"host": list("aabb"), "port": [1, 2, 1, 3]})
    view = plot.matrix(flows, x="host", y="port")
    view.show(x="b")
    assert view.where() == '| where host == "b"'


def test_the_margin_is_none_of_those_shown():
    """Which is right for rows that come later, too."""
    flows = pd.DataFrame({"host": list("aaabc"), "port": 1})
    view = plot.matrix(flows, x="host", y="port", max_categories=1)
    view._sources[0].selected.indices = view.data.index[view.data["x"] == "2 more"].tolist()
    assert view.where() == '| where host != "a"'


def test_nothing_selected_is_a_filter_that_no_row_passes():
    """Not an empty text, which would mean everything."""
    flows = pd.DataFrame({"host": list("ab"), "port": 1})
    view = plot.matrix(flows, x="host", y="port")
    assert view.where() == "| where false"
    assert found(flows, view) == ([], [])


def test_all_selected_is_a_filter_that_each_row_passes():
    """It names no value."""
    flows = pd.DataFrame({"host": list("ab"), "port": 1})
    view = plot.matrix(flows, x="host", y="port")
    view._sources[0].selected.indices = [0, 1]
    assert view.where() == "| where true"
