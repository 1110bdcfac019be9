"""The matrix' counts, from every engine the same as from pandas."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from huntbook.compute.axes import Choice
from huntbook.compute.engines.pairs import EnginePairCounter, count_pairs_in_engine
from huntbook.compute.engines.table import open_frame
from huntbook.compute.pairs import PairCounter, count_pairs


@pytest.fixture(scope="module")
def rows():
    """Give 3,000 rows with nulls of every kind, unicode, times with a zone, booleans and big whole numbers."""
    random = np.random.default_rng(5)
    count = 3_000

    def drawn(*values, dtype=object):
        return pd.array(random.choice(np.array(values, dtype=object), count), dtype=dtype)

    return pd.DataFrame(
        {
            "text": drawn("a", "é<b>\u202e", "it's", "", None, "日本", dtype="str"),
            # No two values have as many rows: where totals are equal, pandas and an engine order them their own way.
            "number": random.permutation(np.repeat(np.arange(30), 6 * np.arange(30) + 13)),
            "float": drawn(1.5, np.nan, np.inf, -2.5, dtype="float64"),
            "big": random.integers(2**50, 2**51, count),
            "nullable": drawn(1, 2**60, None, dtype="Int64"),
            "time": pd.Timestamp("2024-03-11", tz="UTC")
            + pd.to_timedelta(random.integers(0, 5, count), unit="h"),
            "naive": pd.Timestamp("2024-03-11 01:30")
            + pd.to_timedelta(random.integers(0, 5, count), unit="D"),
            "truth": drawn(True, False, None, dtype="boolean"),
            "category": pd.Categorical(drawn("p", "q", "r", None)),
        }
    )


@pytest.mark.parametrize(
    "options",
    [
        {"x": "text", "y": "number", "max_categories": 4, "order_x": "ascending", "order_y": "ascending"},
        {"x": "float", "y": "nullable", "order_x": "descending", "order_y": "ascending"},
        {"x": "time", "y": "category", "order_x": "ascending", "order_y": "descending"},
        {"x": "naive", "y": "truth", "order_x": "ascending", "order_y": "ascending"},
        {"x": "text", "y": "number", "sum_of": "big", "max_categories": 7},
        {"x": "category", "y": "text", "sum_of": "float"},
        {"x": "category", "y": "text", "sum_of": "truth", "max_categories": 2},
        {"x": "text", "y": "text", "distinct_of": "nullable", "max_categories": 3},
    ],
)
def test_every_engine_counts_as_pandas_does(rows, into, options):
    """Places, labels, rows, sums and distinct counts."""
    expected = count_pairs(rows, **options)
    found = count_pairs_in_engine(open_frame(into(rows)), **options)
    for side, other in ((found.x, expected.x), (found.y, expected.y)):
        assert (side.labels, side.distinct) == (other.labels, other.distinct)
    pd.testing.assert_frame_equal(found.table, expected.table, check_dtype=False)
    assert (found.measure, found.rows, found.skipped) == (expected.measure, expected.rows, expected.skipped)


@pytest.mark.parametrize("order", ["ascending", "total", "rarity"])
@pytest.mark.parametrize("flag", ["flag", nw.col("number").is_in([2, 7]) & (nw.col("text") == "a")])
def test_flagged_rows_and_every_page_are_those_of_pandas(rows, into, order, flag):
    """With a value that was pulled in, and another one on each side that is flagged."""
    marked = rows.assign(flag=rows["number"].isin([2, 7]) & (rows["text"] == "a").fillna(value=False))
    theirs = PairCounter(marked, x="number", y="text", flagged=marked["flag"].to_numpy())
    mine = EnginePairCounter(open_frame(into(marked)), x="number", y="text", flag=flag)
    for page in range(5):
        choices = Choice(order=order, size=9, page=page, kept=(21,)), Choice(order=order, size=3, page=page)
        found, expected = mine.count(*choices), theirs.count(*choices)
        assert {2, 7, 21} <= set(found.x.shown)
        for side, other in ((found.x, expected.x), (found.y, expected.y)):
            assert (side.shown, side.page, side.pages) == (other.shown, other.page, other.pages)
        pd.testing.assert_frame_equal(found.table, expected.table, check_dtype=False)
        assert found.table["flagged"].sum() == marked["flag"].sum() > 0


def test_another_order_of_the_same_categories_asks_nothing(rows, into, monkeypatch):
    """What was counted is put into their places."""
    counter = EnginePairCounter(open_frame(into(rows)), x="number", y="text")
    size = {"size": 8}
    counter.count(Choice(**size), Choice(**size))
    monkeypatch.setattr(nw.LazyFrame, "collect", None)
    found = counter.count(Choice(order="descending", **size), Choice(order="similarity", **size))
    rows_of = dict(
        zip(
            zip(found.table["x_place"], found.table["y_place"], strict=True), found.table["rows"], strict=True
        )
    )
    for (x_place, y_place), counted in rows_of.items():
        if x_place < 8 and found.y.shown[y_place] is not None:
            both = (rows["number"] == found.x.shown[x_place]) & (rows["text"] == found.y.shown[y_place])
            assert counted == both.sum()


def test_rarity_on_both_sides_lets_rare_pairs_meet(rows, into):
    """The rarest pairs are in the picture, not in its margins."""
    rare = count_pairs_in_engine(
        open_frame(into(rows)), x="number", y="big", order_x="rarity", order_y="rarity", max_categories=20
    )
    inside = rare.table[~rare.in_margin]
    assert len(inside) >= 20
    assert set(inside["rows"]) == {1}
