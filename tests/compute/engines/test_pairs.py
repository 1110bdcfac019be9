"""The matrix' counts, from every engine the same as from pandas."""

from __future__ import annotations

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

    weight = 1 / np.arange(1, 31)
    return pd.DataFrame(
        {
            "text": drawn("a", "é<b>\u202e", "it's", "", None, "日本", dtype="str"),
            "number": np.repeat(np.arange(30), np.ceil(weight * count).astype(int))[:count],
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


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_flagged_rows_pages_and_kept_values_are_those_of_pandas(rows, into, order):
    """Counted in the engine as well."""
    marked = rows.assign(number=np.minimum(np.arange(len(rows)) // 50, 30))
    marked["flag"] = marked["number"] == 29
    choices = Choice(order=order, size=5, page=1, kept=(21,)), Choice(order=order, size=3)
    expected = PairCounter(marked, x="number", y="text", flagged=marked["flag"].to_numpy()).count(*choices)
    found = EnginePairCounter(open_frame(into(marked)), x="number", y="text", flag="flag").count(*choices)
    assert {29, 21} <= set(found.x.shown)
    assert (found.x.page, found.x.pages) == (expected.x.page, expected.x.pages)
    assert found.table["flagged"].sum() == marked["flag"].sum()
    assert found.table["rows"].sum() == len(rows)


def test_rarity_on_both_sides_lets_rare_pairs_meet(rows, into):
    """The rarest pairs are in the picture, not in its margins."""
    rare = count_pairs_in_engine(
        open_frame(into(rows)), x="number", y="big", order_x="rarity", order_y="rarity", max_categories=20
    )
    inside = rare.table[~rare.in_margin]
    assert len(inside) >= 20
    assert set(inside["rows"]) == {1}
