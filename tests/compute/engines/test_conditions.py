"""Conditions as text, run by Spark SQL: the rows that a plain loop gives."""

from __future__ import annotations

import pandas as pd
import pytest

from huntbook.compute.conditions import Among, Either, Every, Nothing, Overlaps, Within, write

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]

TEXTS = [
    "a",
    "",
    "it's",
    'say "no"',
    "C:\\Windows\\x.exe",
    "\\'",
    "`@x` # {0}",
    "${x}",
    "a\nb\tc",
    "日本\u2028",
    None,
]
NUMBERS = [0, -(2**63), 2**63 - 1, 7, 3, 2, 1, 5, 4, 6, None]
REALS = [0.1, 0.30000000000000004, 1e300, float("inf"), -1.5, 3.0, 2.0**53, 1.5, 2.5, 3.5, None]
# Two of them are in the hour that New York, the session's zone, leaves out.
TIMES = pd.date_range("2024-03-10 01:30", periods=10, freq="30min").tolist()


@pytest.fixture(scope="module")
def frame(spark):
    """Give eleven rows of texts, numbers, times with and without a zone, and nulls."""
    rows = [
        (at, *cells)
        for at, cells in enumerate(
            zip(
                TEXTS,
                NUMBERS,
                REALS,
                [*(time.to_pydatetime() for time in TIMES), None],
                [*(time.tz_localize("UTC").to_pydatetime() for time in TIMES), None],
                strict=True,
            )
        )
    ]
    kinds = "row INT, text STRING, number BIGINT, real DOUBLE, naive TIMESTAMP_NTZ, zoned TIMESTAMP"
    return spark.createDataFrame(rows, kinds).cache()


def found(frame, conditions):
    """Return the rows of each condition, asked for in one query of Spark SQL."""
    texts = [f"({write(condition, 'spark')}) AS c{at}" for at, condition in enumerate(conditions)]
    answer = sorted(frame.selectExpr("row", *texts).collect())
    return [[row["row"] for row in answer if row[f"c{at}"]] for at in range(len(texts))]


@pytest.mark.parametrize("column", ["text", "number", "real", "naive", "zoned"])
def test_each_value_finds_its_row_and_the_others_without_it(frame, column):
    """Quotes, backslashes, variables, the largest numbers, microseconds, the hour that clocks skip, and null."""
    times = {"naive": [*TIMES, None], "zoned": [*(time.tz_localize("UTC") for time in TIMES), None]}
    cells = {"text": TEXTS, "number": NUMBERS, "real": REALS, **times}[column]
    own = [Among(column, (value,)) for value in cells]
    assert found(frame, own) == [[at] for at in range(len(cells))]
    others = [Among(column, (cells[0], value), negated=True) for value in cells[1:]]
    assert found(frame, others) == [
        [row for row in range(len(cells)) if row not in {0, at}] for at in range(1, len(cells))
    ]


def test_stretches_overlaps_and_what_is_made_of_them(frame):
    """Both ends are inside; a null never is."""
    start, end = (time.tz_localize("UTC") for time in TIMES[1:3])
    conditions = [
        Within("naive", *TIMES[1:3]),
        Within("zoned", start, end),
        Overlaps("zoned", "zoned", start, end),
        Every((Within("zoned", start, end), Either((Among("text", ("it's",)), Nothing())))),
    ]
    assert found(frame, conditions) == [[1, 2], [1, 2], [1, 2], [2]]


@pytest.mark.parametrize(
    "name", ["two words", "select", "a-b", "日本", "index", "a'b", 'a"b', "a`b", "a.b", "{0}", "Ünï"]
)
def test_names_that_need_quotes_are_quoted(spark, name):
    """Found by running them: within double quotes Spark would compare a text, and find nothing."""
    frame = spark.createDataFrame([("x",), ("y",)], [name])
    assert frame.filter(write(Among(name, ("x",)), "spark")).count() == 1
