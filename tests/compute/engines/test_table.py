"""Frames of any library: which are taken, what is asked of them, and the way back to the rows."""

from __future__ import annotations

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pytest

from huntbook.compute.conditions import Among, Either, Every, Within
from huntbook.compute.engines.table import Table, open_frame
from huntbook.errors import ColumnNotFoundError, DataError


@pytest.fixture(scope="module")
def rows():
    """Give six rows with nulls and times with and without a zone."""
    naive = pd.Series(pd.to_datetime(["2024-03-10 02:30:00.000000", "2024-03-10 03:30:00.000001", None] * 2))
    return pd.DataFrame(
        {
            "id": range(6),
            "text": ["a", "it's", None, "é", "", "a"],
            "naive": naive,
            "zoned": naive.dt.tz_localize("UTC"),
            "float": [1.5, None, 2.5, 1.5, None, 3.0],
        }
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Among("text", ("a", None)), [0, 2, 5]),
        (Among("text", ("a", "é"), negated=True), [1, 2, 4]),
        (Among("float", (1.5, None)), [0, 1, 3, 4]),
        (Among("naive", (pd.Timestamp("2024-03-10 03:30:00.000001"),)), [1, 4]),
        (
            Every(
                (
                    Among("text", ("a", "it's")),
                    Within("zoned", *pd.to_datetime(["2024-03-10 02:00", "2024-03-10 03:00"], utc=True)),
                )
            ),
            [0],
        ),
        (
            Either(
                (
                    Among("text", ("é",)),
                    Within("naive", pd.Timestamp("2024-03-10 03:00"), pd.Timestamp("2024-03-10 04:00")),
                )
            ),
            [1, 3, 4],
        ),
    ],
)
def test_a_condition_finds_the_same_rows_in_every_engine(rows, into, condition, expected):
    """In the caller's own kind of frame: null, unicode, quotes, and times on the day that clocks change."""
    frame = into(rows)
    found = open_frame(frame).where(condition)
    assert type(found) is type(frame)
    answer = nw.from_native(found).lazy().select("id").collect()
    assert sorted(answer["id"].to_list()) == expected


def test_a_frame_of_pandas_stays_what_it_is(rows):
    """In narwhals' wrapping too."""
    assert open_frame(rows) is rows
    assert open_frame(nw.from_native(rows)) is rows


@pytest.mark.parametrize("frame", [[1, 2], {"a": [1]}, "rows.parquet", None])
def test_what_is_no_frame_is_told(frame):
    """With what is taken."""
    with pytest.raises(DataError) as caught:
        open_frame(frame)
    kind = f"builtins.{type(frame).__name__}"
    assert str(caught.value) == (
        f"frame is a {kind}; pictures are drawn from a pandas DataFrame, a Polars DataFrame or LazyFrame, "
        "a PyArrow Table, a DuckDB relation, or a Dask, PySpark or Ibis frame. Make one of these first."
    )


def test_an_empty_frame_is_told(rows, into):
    """As for pandas; an engine's rows are not counted for it."""
    with pytest.raises(DataError) as caught:
        open_frame(into(rows[:0]))
    assert str(caught.value) == (
        "The frame is empty (0 rows, 5 columns), so there is nothing to draw. Check the query's time range and filters."
    )


def test_a_missing_column_is_told():
    """As for pandas, with the nearest."""
    table = open_frame(pl.LazyFrame({"Source": [1]}))
    assert isinstance(table, Table)
    with pytest.raises(ColumnNotFoundError) as caught:
        table.require("Sourse", option="x")
    assert str(caught.value) == (
        "x='Sourse': the frame has no such column. Did you mean 'Source'? It has: 'Source'."
    )


def test_an_engine_that_fails_is_told_with_its_own_words():
    """The cause is chained."""
    with pytest.raises(DataError) as caught:
        open_frame(pl.scan_csv("/no/such/file.csv"))
    assert str(caught.value).startswith("Polars can't answer what the picture asks: ")
    assert str(caught.value).endswith(
        "Check that the frame itself can be read, for example by asking for its first rows."
    )
    assert caught.value.__cause__ is not None


def test_times_with_a_zone_and_nanoseconds_are_times_in_duckdb(tmp_path):
    """As pandas writes them to Parquet."""
    path = tmp_path / "rows.parquet"
    times = pd.to_datetime(["2024-03-11 10:00:00.123456789"], utc=True).as_unit("ns")
    pd.DataFrame({'a "quoted" name': times}).to_parquet(path)
    (kind,) = open_frame(duckdb.connect().read_parquet(str(path))).schema.values()
    assert (kind.time_unit, kind.time_zone is None) == ("us", False)


def test_dask_is_not_empty_where_its_first_part_is():
    """Parts are looked at one by one, so that not all are read."""
    dask = pytest.importorskip("dask.dataframe", reason="Dask is not installed")
    frame = dask.from_pandas(pd.DataFrame({"a": range(4)}), npartitions=2)
    assert isinstance(open_frame(frame[frame["a"] > 2]), Table)


@pytest.mark.spark
@pytest.mark.timeout(600)
def test_a_name_that_spark_takes_apart_is_told(spark):
    """Only where that column is asked for."""
    table = open_frame(spark.createDataFrame([(1, 2)], ["id.orig_h", "port"]))
    assert isinstance(table, Table)
    assert table.require("port", option="x") == "port"
    with pytest.raises(DataError) as caught:
        table.require("id.orig_h", option="x")
    assert str(caught.value) == (
        "x='id.orig_h': Spark takes a dot or a backtick in a column's name for a part of a column. "
        "Rename it in the query: frame.withColumnRenamed('id.orig_h', 'id_orig_h')."
    )
