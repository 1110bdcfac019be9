from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from huntbook.azure.tables import frame_of, read_tables
from huntbook.errors import ServiceError

COLUMNS = [
    {"name": name, "type": kind}
    for name, kind in (
        ("text", "string"),
        ("whole", "long"),
        ("small", "int"),
        ("real", "real"),
        ("yes", "bool"),
        ("time", "datetime"),
        ("span", "timespan"),
        ("json", "dynamic"),
        ("id", "guid"),
        ("exact", "decimal"),
    )
]
MANY = [
    {"name": "n", "type": "long"},
    {"name": "t", "type": "string"},
    {"name": "w", "type": "datetime"},
]
ROW = [
    "a",
    9007199254740993,
    1,
    1.5,
    True,
    "2024-01-01T00:00:00.1234567Z",
    "1.02:03:04.5",
    '{"a":1}',
    "6f",
    "1.10",
]
DTYPES = {
    "text": "string",
    "whole": "Int64",
    "small": "Int32",
    "real": "Float64",
    "yes": "boolean",
    "time": "datetime64[us, UTC]",
    "json": "string",
    "id": "string",
    "exact": "string",
}


@pytest.mark.parametrize("rows", [[ROW], [ROW, [None] * 10], [[None] * 10], []])
def test_each_column_has_the_type_that_it_declares(rows):
    """Values, nulls, only nulls and no rows at all: the types stay the same."""
    frame = frame_of(COLUMNS, rows)
    assert {name: str(frame.dtypes[name]) for name in DTYPES} == DTYPES
    assert frame["span"].dtype.kind == "m"
    assert len(frame) == len(rows)
    assert frame.isna().sum().tolist() == [sum(row[0] is None for row in rows)] * 10


def test_values_survive_beside_a_null():
    """A whole number above 2**53 keeps its last digit, and nothing becomes the text None."""
    frame = frame_of(COLUMNS, [ROW, [None] * 10])
    first = frame.iloc[0]
    assert int(first["whole"]) == 9007199254740993
    assert first["time"] == pd.Timestamp("2024-01-01T00:00:00.123456Z")
    assert first["span"] == pd.Timedelta(days=1, hours=2, minutes=3, seconds=4.5)
    assert (first["exact"], first["json"], bool(first["yes"])) == ("1.10", '{"a":1}', True)


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("long", ["9007199254740993", None], 9007199254740993),
        ("bool", ["false", "true"], False),
        ("bool", [0, 1], False),
    ],
)
def test_values_that_come_as_text_keep_their_meaning(kind, values, expected):
    """Some answers write whole numbers and truth values as text; nothing is lost and no text is true by itself."""
    frame = frame_of([{"name": "x", "type": kind}], [[value] for value in values])
    assert frame["x"].iloc[0] == expected


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_can_not_hold_come_as_words(text):
    """The service writes them as text; they are numbers here."""
    frame = frame_of([{"name": "r", "type": "real"}], [[text], [1.0], [None]])
    assert str(float(frame["r"].array._data[0])) == str(float(text))


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z"])
def test_the_ends_of_time_are_times(text):
    """KQL knows years that nanoseconds can't hold."""
    frame = frame_of([{"name": "t", "type": "datetime"}], [[text], [None]])
    assert str(frame["t"].iloc[0])[:4] == text[:4]


def test_two_columns_may_bear_the_same_name():
    """A join gives such answers; both columns come."""
    frame = frame_of([{"name": "a", "type": "long"}] * 2, [[1, 2]])
    assert frame.to_numpy().tolist() == [[1, 2]]


@pytest.mark.parametrize(
    "name", ["oms-post-example.json", "oms-get-example.json", "oms-post-cross-workspace-example.json"]
)
def test_the_recorded_answers_come_whole(name, example):
    """Every value of Microsoft's own example is in the frame."""
    body = example(f"loganalytics-query-v1/{name}")["responses"]["200"]["body"]
    tables, _rest = read_tables(json.dumps(body).encode())
    recorded = body["tables"][0]
    frame = tables[0].frame
    assert list(frame.columns) == [column["name"] for column in recorded["columns"]]
    for index, column in enumerate(recorded["columns"]):
        expected = [row[index] for row in recorded["rows"]]
        found = [None if pd.isna(value) else value for value in frame.iloc[:, index]]
        if column["type"] == "datetime":
            expected = [None if value is None else pd.Timestamp(value) for value in expected]
        if column["type"] == "bool":
            expected = [value in (True, "true") for value in expected]
        if column["type"] in ("long", "real"):  # the examples write some as text
            number = int if column["type"] == "long" else float
            expected = [None if value is None else number(value) for value in expected]
        assert found == expected, column["name"]


@pytest.mark.parametrize("count", [255, 256, 257, 4096, 4097, 50_000])
@pytest.mark.parametrize("storage", ["python", "pandas' own"])
def test_an_answer_of_many_rows_has_each_row_once_in_its_order(count, storage):
    """With PyArrow and without; some blocks hold what only the reader by value can read, and times beyond Arrow's."""
    numbers = [None if at % 7 == 0 else 2**53 + at for at in range(count)]
    texts = [f"é,[{at}]" for at in range(count)]
    times = ["9999-12-31T00:00:00Z" if at == 20_000 else "2024-01-01T00:00:00.5Z" for at in range(count)]
    rows = [list(row) for row in zip(numbers, texts, times, strict=True)]
    body = {"tables": [{"name": "PrimaryResult", "columns": MANY, "rows": rows}], "render": {"a": 1}}
    answer = json.dumps(body, ensure_ascii=False, separators=(",", ":")).replace(
        '"é,[40000]"', ' "é,[40000]"'
    )
    usual = pd.get_option("mode.string_storage")
    with pd.option_context("mode.string_storage", "python" if storage == "python" else usual):
        tables, rest = read_tables(b"\xef\xbb\xbf" + answer.encode())
    frame = tables[0].frame
    assert [None if pd.isna(value) else int(value) for value in frame["n"]] == numbers
    assert frame["t"].tolist() == texts
    assert frame["w"].dt.year.tolist() == [int(each[:4]) for each in times]
    kinds = {"n": "Int64", "t": "string", "w": "datetime64[us, UTC]"}
    assert (rest, {name: str(kind) for name, kind in frame.dtypes.items()}) == ({"render": {"a": 1}}, kinds)


@pytest.mark.parametrize("text", ["a\\ud83d", "\\ude00b", "\\\\\\ud83d\\u0041", "\\ud83d\\ude00\\ud83d"])
def test_half_of_a_character_costs_that_character_alone(text):
    """The service cuts long texts anywhere; the rest of the answer is read, escapes beside it as well."""
    answer = '{"tables":[{"columns":[{"name":"t","type":"string"}],"rows":[["' + text + '"],["x"]]}]}'
    expected = re.sub("[\ud800-\udfff]", "\ufffd", json.loads(f'"{text}"'))
    assert read_tables(answer.encode())[0][0].frame["t"].tolist() == [expected, "x"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:00:00", pd.Timedelta(0)),
        ("23:59:59.9999999", pd.Timedelta(days=1) - pd.Timedelta(100, unit="ns")),
        ("-00:00:01.5", pd.Timedelta(seconds=-1.5)),
        ("1.02:03:04", pd.Timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("-3.00:00:00", pd.Timedelta(days=-3)),
        ("100.00:00:00.0000001", pd.Timedelta(days=100) + pd.Timedelta(100, unit="ns")),
    ],
)
def test_durations_are_exact_beside_each_other(text, expected):
    """Under a day, over a day and below zero, in one column with what is missing."""
    frame = frame_of([{"name": "s", "type": "timespan"}], [[text], ["00:01:00"], [None]])
    assert frame["s"].iloc[:2].tolist() == [expected, pd.Timedelta(minutes=1)]
    assert frame["s"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b"[]", b'{"tables": [{"columns": []}]}', b'{"tables": 1}']
)
def test_junk_is_an_error(body):
    """A proxy's page, or an answer cut short, is told as such."""
    with pytest.raises(ServiceError, match="can't be read as tables"):
        read_tables(body)
