"""Rows that Arrow reads hold what the JSON holds: json.loads says what."""

from __future__ import annotations

import json

import msgspec
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntbook.azure.tables import frame_of, read_tables

pytest.importorskip("pyarrow", reason="the fast reader needs PyArrow")

from huntbook.azure.arrow_rows import ArrowRows

# What could be taken for the end of a value, a row, a text or an escape.
PIECES = st.sampled_from(
    [
        "],[",
        '"',
        "\\",
        "\\\\",
        "\\n",
        "\\u0041",
        ",",
        " ",
        "[",
        "]",
        "{",
        "}",
        "null",
        "\n",
        "\r\n",
        "\t",
        "'",
        "\x00",
    ]
)
TEXTS = st.lists(PIECES | st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=6).map(
    "".join
)
WHOLE = st.integers(-(2**63), 2**63 - 1)
REALS = st.floats(allow_nan=False, allow_infinity=False)
COLUMNS = {"string": TEXTS, "long": WHOLE, "dynamic": TEXTS, "real": REALS, "bool": st.booleans()}
ROWS = st.lists(st.tuples(*(st.none() | each for each in COLUMNS.values())), min_size=1, max_size=8)


def read(text, kinds):
    """Return the columns of rows in JSON, as Arrow reads them, as lists; None where it declines."""

    def never(kind, values):
        raise AssertionError((kind, values))

    arrays = ArrowRows(kinds, slowly=never).read(msgspec.json.decode(text.encode(), type=list[msgspec.Raw]))
    return arrays and [
        [None if value is pd.NA or value is pd.NaT else value for value in array] for array in arrays
    ]


@given(rows=ROWS, ascii_only=st.booleans())
def test_every_value_is_what_json_says(rows, ascii_only):
    """Texts full of separators and escapes, whole numbers of 64 bits, gaps: nothing is lost, shifted or guessed."""
    text = json.dumps(rows, ensure_ascii=ascii_only, separators=(",", ":"))
    found = read(text, list(COLUMNS))
    expected = [list(column) for column in zip(*json.loads(text), strict=True)]
    assert found == expected or (found is None and "\\u0001" in text)


@given(rows=ROWS, separators=st.sampled_from([(", ", ":"), (" ,", ":"), (",\n", ":")]))
def test_white_space_between_values_changes_nothing(rows, separators):
    """Such rows are read value by value, or as they should be."""
    text = json.dumps(rows, separators=separators)
    found = read(text, list(COLUMNS))
    assert found is None or found == [list(column) for column in zip(*rows, strict=True)]


@given(
    row=st.lists(
        st.none() | TEXTS | st.lists(TEXTS, max_size=2) | st.dictionaries(TEXTS, TEXTS, max_size=2),
        min_size=2,
        max_size=2,
    )
)
def test_lists_and_objects_are_left_to_the_other_reader(row):
    """A dynamic value that comes as JSON and not as text is never cut at its commas."""
    text = json.dumps([row], separators=(",", ":"))
    found = read(text, ["dynamic", "dynamic"])
    if any(isinstance(value, (list, dict)) for value in row):
        assert found is None
    else:
        assert found == [[value] for value in row] or "\\u0001" in text


@pytest.mark.parametrize(
    "text",
    [
        '[["a",5]]',
        '[[" a ","[1]"],["],[","[{}]"]]',
        '[["\\u005b1]","x"]]',
        r'[["\\\\server\\share\\n","\\\"]"],["\\\\\\","\\"]]',
        '[["\\ud83d\\ude00","\\u00e9\\u0000"]]',
        '[["null",null],["",""]]',
    ],
)
def test_texts_that_look_like_something_else_are_read(text):
    """Quoted brackets, blanks at the ends, the word null, runs of backslashes, pairs of surrogates."""
    expected = [
        [None if value is None else str(value) for value in column]
        for column in zip(*json.loads(text), strict=True)
    ]
    assert read(text, ["string", "dynamic"]) == expected


@pytest.mark.parametrize(
    "text",
    [
        '[["a", 5]]',
        '[["a",5 ]]',
        '[["a",[5]]]',
        '[["a",{}]]',
        '[["a"]]',
        '["a"]',
        '[["\\u0001",5]]',
        '[[ "a",null]]',
    ],
)
def test_what_is_not_plain_is_declined(text):
    """White space, lists, objects, rows of another width, no rows at all: the other reader decides."""
    assert read(text, ["string", "dynamic"]) is None


@given(
    values=st.lists(
        st.none()
        | st.datetimes().map(lambda when: when.isoformat() + "Z")
        | st.sampled_from(
            [
                "9999-12-31T23:59:59.9999999Z",
                "0001-01-01T00:00:00Z",
                "1969-12-31T23:59:59.1234567Z",
                "2024-01-01T00:00:00.04Z",
            ]
        ),
        min_size=1,
    )
)
def test_times_are_those_of_the_reader_by_value(values):
    """With and without a fraction, before 1970, and in years that nanoseconds can't hold."""
    same_both_ways("datetime", values)


@given(
    values=st.lists(
        st.none()
        | st.sampled_from(
            ["00:00:00", "23:59:59.9999999", "-00:00:01.5", "1.02:03:04", "-3.00:00:00", "00:00:04.1247044"]
        ),
        min_size=1,
    )
)
def test_durations_are_those_of_the_reader_by_value(values):
    """Under a day, over a day and below zero."""
    same_both_ways("timespan", values)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("long", [9007199254740993, None, "9007199254740993"]),
        ("int", [1, None]),
        ("real", ["NaN", "Infinity", "-Infinity", None, 1, 1e300]),
        ("bool", ["true", "False", 0, 1, None, True]),
        ("guid", ["63613592-b6f7-4c3d-a390-22ba13102111", None]),
        ("decimal", ["1.10", None]),
    ],
)
def test_each_type_is_that_of_the_reader_by_value(kind, values):
    """Values that come as text, words for what JSON can't hold, and gaps."""
    same_both_ways(kind, values)


def same_both_ways(kind, values):
    """Compare an answer of one column, read whole, with its frame made of single values."""
    columns = [{"name": "x", "type": kind}]
    rows = [[value] for value in values]
    answer = json.dumps({"tables": [{"columns": columns, "rows": rows}]}, separators=(",", ":")).encode()
    pd.testing.assert_frame_equal(read_tables(answer)[0][0].frame, frame_of(columns, rows))
