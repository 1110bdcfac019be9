"""Fixtures: the same rows in every engine."""

from __future__ import annotations

import shutil

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest


@pytest.fixture(scope="session")
def spark():
    """Give one small Spark, or skip and say so."""
    sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed")
    if shutil.which("java") is None:
        pytest.skip("PySpark needs Java, and there is none on the path")
    session = (
        sql.SparkSession.builder.master("local[1]")
        # Its processes live for seconds: what the second compiler would gain, it never pays back.
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "America/New_York")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def dask_of(table):
    """Give the rows to Dask, in three parts."""
    dask = pytest.importorskip("dask.dataframe", reason="Dask is not installed")
    return dask.from_pandas(table.to_pandas(), npartitions=3)


def ibis_from(path):
    """Read by Ibis on DuckDB."""
    ibis = pytest.importorskip("ibis", reason="Ibis is not installed")
    return ibis.duckdb.connect().read_parquet(path)


IN_MEMORY = {
    "polars": pl.from_arrow,
    "polars lazy": lambda table: pl.from_arrow(table).lazy(),
    "pyarrow": lambda table: table,
    "duckdb": lambda table: duckdb.connect().from_arrow(table),
    "dask": dask_of,
}
KINDS = [*IN_MEMORY, "ibis", pytest.param("pyspark", marks=[pytest.mark.spark, pytest.mark.timeout(600)])]


@pytest.fixture(params=KINDS)
def into(request, tmp_path):
    """Give a function that puts a pandas frame into an engine; for each engine."""

    def put(frame: pd.DataFrame):
        table = pa.Table.from_pandas(frame, preserve_index=False)
        if request.param in IN_MEMORY:
            return IN_MEMORY[request.param](table)
        path = tmp_path / "rows.parquet"
        pq.write_table(table, path, row_group_size=1_000)
        if request.param == "ibis":
            return ibis_from(path)
        return request.getfixturevalue("spark").read.parquet(str(path))

    return put
