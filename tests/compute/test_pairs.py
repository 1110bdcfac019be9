"""Counting by pair of categories."""

from __future__ import annotations

import datetime as dt
import json
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntbook.compute.axes import Choice
from huntbook.compute.pairs import PairCounter, Pairs, count_pairs
from huntbook.errors import ColumnNotFoundError, DataError

KINDS = {
    "text": ["", "a", "b", "naïve", "日本", "<script>"],
    "integer": [0, 1, -7, 2**40],
    "float": [0.5, 1.0, -2.25],
    "boolean": [True, False],
    "time": [dt.datetime(2024, 1, day, tzinfo=dt.UTC) for day in (1, 2, 3)],
    "mixed": [1, "1", True, 1.0, ("a", 1)],
}
DTYPES = {
    "text": ["str", "object", "string[python]", "string[pyarrow]", "category"],
    "integer": ["Int64", "object"],
    "float": ["float64", "Float64"],
    "boolean": ["boolean", "object"],
    "time": ["datetime64[ns, UTC]", "object"],
    "mixed": ["object"],
}


@st.composite
def columns(draw: st.DrawFn, rows: int) -> pd.Series:
    """Draw a column of any kind and dtype, with nulls."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    cells = draw(st.lists(st.sampled_from([*KINDS[kind], None]), min_size=rows, max_size=rows))
    return pd.Series(cells, dtype=object).astype(draw(st.sampled_from(DTYPES[kind])))


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Draw a frame of two columns of any kind, and one of integers."""
    rows = draw(st.integers(1, 30))
    weights = draw(st.lists(st.integers(-(2**40), 2**40), min_size=rows, max_size=rows))
    return pd.DataFrame({"x": draw(columns(rows)), "y": draw(columns(rows)), "n": weights})


def key(value: object) -> object:
    """Tell values apart by type as well; all nulls are one."""
    if value is None or value is pd.NaT or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
        return None
    value = value.item() if isinstance(value, np.generic) else value
    return type(value).__name__.replace("Timestamp", "datetime"), value


def obvious(frame: pd.DataFrame) -> dict[object, tuple[int, int, int]]:
    """Count rows, sum n and count distinct n by pair, the plain way."""
    found: dict[object, list[int]] = {}
    for x, y, n in zip(frame["x"], frame["y"], frame["n"], strict=True):
        found.setdefault((key(x), key(y)), []).append(n)
    return {pair: (len(ns), sum(ns), len(set(ns))) for pair, ns in found.items()}


def by_pair(pairs: Pairs, column: str = "value") -> dict[object, int]:
    """Return a column of the table by pair of values."""
    return {
        (key(pairs.x.place_values[row.x_place]), key(pairs.y.place_values[row.y_place])): getattr(row, column)
        for row in pairs.table.itertuples()
    }


@given(frames())
def test_rows_sums_and_distinct_counts_are_exact_for_any_columns(frame):
    """Whatever the columns hold and however pandas stores it, all three measures equal the plain loop."""
    rows, sums, distinct = (
        by_pair(count_pairs(frame, x="x", y="y", **options))
        for options in ({}, {"sum_of": "n"}, {"distinct_of": "n"})
    )
    expected = obvious(frame)
    assert rows == {pair: found[0] for pair, found in expected.items()}
    assert sums == {pair: found[1] for pair, found in expected.items()}
    assert distinct == {pair: found[2] for pair, found in expected.items()}


@given(frames(), st.integers(1, 3))
def test_every_row_is_in_exactly_one_cell(frame, max_categories):
    """With a margin too, counts add up to the rows, and every cell gives its own rows back."""
    counter = PairCounter(frame, x="x", y="y")
    pairs = counter.count(Choice(size=max_categories), Choice(size=max_categories))
    assert pairs.table["rows"].sum() == len(frame)
    back = [counter.positions(pairs, [at]) for at in range(len(pairs.table))]
    assert [len(rows) for rows in back] == pairs.table["rows"].tolist()
    assert sorted(np.concatenate(back)) == list(range(len(frame)))


def test_the_busiest_categories_are_shown_and_the_rest_share_the_margin():
    """Two of four categories are asked for: the two with most rows; the margin has all others."""
    frame = pd.DataFrame({"x": list("aaabbccccd"), "y": "same"})
    counter = PairCounter(frame, x="x", y="y")
    pairs = counter.count(Choice(size=2), Choice(size=2))
    assert pairs.x.place_values == ["c", "a", "2 more"]
    assert pairs.table["rows"].tolist() == [4, 3, 3]
    assert (pairs.x.distinct, pairs.x.rest, pairs.y.rest) == (4, 2, 0)
    assert counter.positions(pairs, [2]).tolist() == [3, 4, 9]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("total", ["c", "a", "b", None]),
        ("ascending", ["a", "b", "c", None]),
        ("descending", ["c", "b", "a", None]),
        ("appearance", ["b", "c", None, "a"]),
    ],
)
def test_order(order, expected):
    """Each order word gives the order that it names; null is last where values are compared."""
    frame = pd.DataFrame({"x": ["b", "c", None, "a", "a", "c", "c"], "y": 0})
    assert count_pairs(frame, x="x", y="y", order_x=order).x.shown == expected


def test_order_by_value_is_of_numbers_not_of_their_text():
    """2 comes before 10."""
    frame = pd.DataFrame({"x": [10, 2, 33], "y": 0})
    assert count_pairs(frame, x="x", y="y", order_x="ascending").x.shown == [2, 10, 33]


def test_mixed_types_are_ordered_by_type_then_text():
    """Values that can't be compared are still in a fixed order."""
    frame = pd.DataFrame({"x": ["b", 2, "a", 1], "y": 0})
    assert count_pairs(frame, x="x", y="y", order_x="ascending").x.shown == [1, 2, "a", "b"]


def test_total_is_the_absolute_sum_where_a_column_is_summed():
    """A large sum below zero is as busy as a large one above."""
    frame = pd.DataFrame({"x": ["a", "a", "b", "c"], "y": 0, "v": [1, 1, -50, 7]})
    assert count_pairs(frame, x="x", y="y", sum_of="v").x.shown == ["b", "c", "a"]


def test_rows_without_a_finite_number_count_but_add_nothing():
    """NaN and infinity are left out of the sum, and said."""
    frame = pd.DataFrame({"x": 0, "y": 0, "v": [1.5, np.nan, np.inf, 2.0]})
    pairs = count_pairs(frame, x="x", y="y", sum_of="v")
    assert pairs.table[["rows", "value"]].to_numpy().tolist() == [[4, 3.5]]
    assert pairs.skipped == 2


def test_sums_of_large_integers_are_exact():
    """Beyond 2**53 a double would round."""
    frame = pd.DataFrame({"x": 0, "y": 0, "v": [2**60 + 1, 2**60 + 2]})
    assert count_pairs(frame, x="x", y="y", sum_of="v").table["value"].item() == 2**61 + 3


def test_distinct_counts_leave_null_out():
    """Null is not a value."""
    frame = pd.DataFrame({"x": 0, "y": 0, "v": ["a", None, "a", "b"]})
    assert count_pairs(frame, x="x", y="y", distinct_of="v").table["value"].item() == 2


def test_distinct_counts_by_sorting_equal_those_by_flags(monkeypatch):
    """The way for many values gives the numbers of the way for few."""
    random = np.random.default_rng(5)
    frame = pd.DataFrame({name: random.integers(0, 9, 500) for name in "xyv"})
    flags = count_pairs(frame, x="x", y="y", distinct_of="v").table
    monkeypatch.setattr("huntbook.compute.measures._FLAGS", 0)
    pd.testing.assert_frame_equal(count_pairs(frame, x="x", y="y", distinct_of="v").table, flags)


def test_many_rows_take_the_threaded_way_to_the_same_counts():
    """Above the threshold both columns are encoded side by side."""
    random = np.random.default_rng(7)
    frame = pd.DataFrame({name: random.integers(0, 50, 200_000).astype(str) for name in "xy"})
    pairs = count_pairs(frame, x="x", y="y")
    assert by_pair(pairs) == {
        (key(x), key(y)): rows for (x, y), rows in frame.groupby(["x", "y"]).size().items()
    }


def test_x_may_equal_y():
    """The diagonal has the counts of the column."""
    frame = pd.DataFrame({"x": ["a", "b", "a"]})
    pairs = count_pairs(frame, x="x", y="x")
    assert pairs.table[["x_place", "y_place", "rows"]].to_numpy().tolist() == [[0, 0, 2], [1, 1, 1]]


def test_unused_categories_are_not_shown():
    """A categorical shows what occurs, not what could."""
    frame = pd.DataFrame({"x": pd.Categorical(["a", "c"], categories=["a", "b", "c"]), "y": 0})
    pairs = count_pairs(frame, x="x", y="y")
    assert (pairs.x.shown, pairs.x.distinct) == (["a", "c"], 2)


def test_the_frame_is_not_changed():
    """Counting reads only."""
    frame = pd.DataFrame({"x": ["a", None], "y": [1.0, np.nan], "v": [np.inf, 1.0]})
    before = frame.copy(deep=True)
    count_pairs(frame, x="x", y="y", sum_of="v")
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        (
            {"x": "sourceip"},
            ColumnNotFoundError,
            "x='sourceip': the frame has no such column. Did you mean 'SourceIP'? It has: 'SourceIP', 'tags', 'n', 'word'.",
        ),
        (
            {"x": "tags"},
            DataError,
            (
                "x='tags' holds values of type list, which can't be categories. Draw their text with "
                "frame.assign(**{'tags': frame['tags'].astype(str)}), or one row an element with frame.explode('tags')."
            ),
        ),
        (
            {"sum_of": "word"},
            DataError,
            (
                "value_col='word' holds str values (its first value is 'a'), which can't be summed. Convert it with "
                "pandas.to_numeric(frame['word'], errors='coerce'), or count its distinct values with dist_count=True."
            ),
        ),
        (
            {"sum_of": "n"},
            DataError,
            "value_col='n' holds no finite number in 2 rows, so there is no sum to draw. Leave value_col out to count rows.",
        ),
    ],
)
def test_bad_input_is_told_with_the_fix(options, kind, message):
    """The whole message says what, which, and the next step."""
    frame = pd.DataFrame(
        {"SourceIP": ["a", "b"], "tags": [["x"], ["y"]], "n": [np.nan, np.inf], "word": ["a", "b"]}
    )
    with pytest.raises(kind) as caught:
        count_pairs(frame, **({"x": "SourceIP", "y": "SourceIP"} | options))
    assert str(caught.value) == message


def test_two_columns_of_one_name_are_told():
    """A name that is there twice can't be a side."""
    frame = pd.DataFrame([[1, 2]], columns=["a", "a"])
    with pytest.raises(DataError) as caught:
        count_pairs(frame, x="a", y="a")
    assert str(caught.value) == (
        "x='a': the frame has 2 columns of that name. Rename them so that each name is there once."
    )


def test_durations_are_told_to_be_summed_as_seconds():
    """A timedelta column names its own fix."""
    frame = pd.DataFrame({"x": [1], "d": [pd.Timedelta(seconds=1)]})
    with pytest.raises(DataError, match=r"Sum seconds instead: frame\['d'\]\.dt\.total_seconds\(\)\.$"):
        count_pairs(frame, x="x", y="x", sum_of="d")


def test_network_flows_recorded_by_azure(shared_data):
    """Real flows: the counts and sums of the plain group-by."""
    frame = pd.read_parquet(shared_data / "az_net_flows.parquet")
    sides = {"x": "L7Protocol", "y": "AllExtIPs"}
    groups = frame.groupby(list(sides.values()), dropna=False)
    rows = count_pairs(frame, **sides).table["rows"]
    sums = count_pairs(frame, **sides, sum_of="TotalAllowedFlows").table["value"]
    assert sorted(rows) == sorted(groups.size())
    assert sorted(sums) == sorted(groups["TotalAllowedFlows"].sum())


def test_exchange_operations_without_a_user_are_a_category(shared_data):
    """Most of these rows have no user: they are counted, not dropped."""
    frame = pd.read_parquet(shared_data / "exchange_operations.parquet")
    pairs = count_pairs(frame, x="UserId", y="Operation")
    assert pairs.table["rows"].sum() == len(frame) == 1334
    null = pairs.x.shown.index(None)
    assert pairs.table.loc[pairs.table["x_place"] == null, "rows"].sum() == frame["UserId"].isna().sum()


def test_connections_that_windows_recorded(shared_data):
    """Event 5156 of a real attack: every connection between two addresses is in exactly one circle."""
    recording = shared_data / "otrf" / "empire_persistence_registry_modification_run_keys_standard_user.zip"
    with zipfile.ZipFile(recording) as archive:
        # Zips that were made on a Mac carry a second, unreadable entry for each file.
        name = next(name for name in archive.namelist() if name.endswith(".json") and "__MACOSX" not in name)
        events = [json.loads(line) for line in archive.open(name)]
    frame = pd.DataFrame([event for event in events if event["EventID"] == 5156])
    pairs = count_pairs(frame, x="SourceAddress", y="DestAddress")
    expected = frame.groupby(["SourceAddress", "DestAddress"]).size()
    assert len(frame) == 808
    assert sorted(pairs.table["rows"]) == sorted(expected)
