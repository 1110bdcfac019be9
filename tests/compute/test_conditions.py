"""Which rows: every form of a condition gives the rows that a plain loop gives."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntbook.compute.conditions import (
    Among,
    Either,
    Every,
    Everything,
    Nothing,
    Overlaps,
    Within,
    expression,
    write,
)
from huntbook.compute.dialects import _SQL_WORDS
from huntbook.errors import OptionError

NOON = datetime(2024, 3, 11, 12, tzinfo=UTC)
NASTY = [
    "a",
    "",
    "it's",
    'say "no"',
    "C:\\Windows\\x.exe",
    "\\/|~^#¦",
    "`@x` # {0}",
    "a\nb\tc",
    "日本\u2028",
    "null",
    "\\'",
]
VALUES = {
    "text": st.sampled_from(NASTY)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=4),
    "whole": st.integers(-(2**63), 2**63 - 1) | st.integers(-2, 2),
    "real": st.sampled_from([0.1, -1.5, 0.30000000000000004, 1e300, 2.0**53, 3.0, math.inf, -math.inf]),
    "truth": st.booleans(),
    "aware": st.integers(0, 5).map(lambda at: NOON + timedelta(microseconds=at)),
    "naive": st.integers(0, 5).map(lambda at: NOON.replace(tzinfo=None) + timedelta(hours=at)),
}
TYPES = {
    "text": "str",
    "whole": "Int64",
    "real": "float64",
    "truth": "boolean",
    "aware": "datetime64[us, UTC]",
    "naive": "datetime64[us]",
}
SPANS = st.tuples(VALUES["aware"], VALUES["aware"] | st.none())


def holds(condition, row):
    """Tell whether a condition holds for a row: the loop that the others are held to."""
    match condition:
        case Among(column, values, negated):
            return (row[column] in values) != negated
        case Within(column, start, end):
            return row[column] is not None and start <= row[column] <= end
        case Overlaps(first, last, start, end):
            stop = row[first] if row[last] is None else max(row[first], row[last])
            return row[first] <= end and stop >= start
        case Every(parts):
            return all(holds(part, row) for part in parts)
        case Either(parts):
            return any(holds(part, row) for part in parts)
    return condition == Everything()


def answers(condition, frame):
    """Return the rows that pandas, DuckDB and narwhals on three engines find."""
    # DuckDB's own type for a time with a zone comes back only where pytz is; the row's number is all we ask.
    relation = duckdb.sql("SELECT * FROM frame")
    found = {
        "pandas": frame.query(write(condition, "pandas"))["row"].tolist(),
        "sql": [row[0] for row in relation.filter(write(condition, "sql")).select("row").fetchall()],
    }
    engines = {
        "pandas by narwhals": frame,
        "polars": pl.from_pandas(frame),
        "polars lazy": pl.from_pandas(frame).lazy(),
        "duckdb by narwhals": relation,
    }
    for name, native in engines.items():
        kept = (
            nw.from_native(native)
            .filter(expression(condition, floats=["real"]))
            .select("row")
            .lazy()
            .collect()
        )
        found[name] = sorted(kept["row"].to_list())
    return found


def assert_all_find(condition, frame, expected):
    """Hold every form of a condition to the expected rows."""
    found = answers(condition, frame)
    assert found == {name: expected for name in found}  # noqa: C420 - a list of its own for each


def framed(columns):
    """Return typed columns as a frame and as rows."""
    frame = pd.DataFrame({name: pd.Series(cells, dtype=TYPES[name]) for name, cells in columns.items()})
    frame.insert(0, "row", range(len(frame)))
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return frame, rows


@st.composite
def asked(draw):
    """Give a column of one type with a condition on it."""
    name = draw(st.sampled_from(sorted(VALUES)))
    cells = draw(st.lists(VALUES[name] | st.none(), min_size=1, max_size=6))
    values = tuple(draw(st.lists(st.sampled_from(cells) | VALUES[name] | st.none(), max_size=4)))
    return name, cells, values, draw(st.booleans())


@given(asked())
def test_among_gives_the_same_rows_everywhere(question):
    """Whatever the cells hold: null is a value, in and out."""
    name, cells, values, negated = question
    frame, rows = framed({name: cells})
    condition = Among(name, values, negated)
    expected = [at for at, row in enumerate(rows) if holds(condition, row)]
    assert_all_find(condition, frame, expected)


@given(st.sampled_from(["whole", "real", "aware", "naive"]), st.data())
def test_within_gives_the_same_rows_everywhere(name, data):
    """Both ends are inside, a null never is."""
    cells = data.draw(st.lists(VALUES[name] | st.none(), min_size=1, max_size=6))
    frame, rows = framed({name: cells})
    condition = Within(name, data.draw(VALUES[name]), data.draw(VALUES[name]))
    expected = [at for at, row in enumerate(rows) if holds(condition, row)]
    assert_all_find(condition, frame, expected)


@given(st.lists(SPANS, min_size=1, max_size=6), VALUES["aware"], VALUES["aware"])
def test_overlaps_gives_the_same_rows_everywhere(spans, start, end):
    """A span without an end is an instant."""
    frame = pd.DataFrame(spans, columns=["first", "last"]).astype(TYPES["aware"])
    frame.insert(0, "row", range(len(frame)))
    condition = Overlaps("first", "last", start, end)
    rows = [{"first": first, "last": last} for first, last in spans]
    expected = [at for at, row in enumerate(rows) if holds(condition, row)]
    assert_all_find(condition, frame, expected)


CONDITIONS = st.recursive(
    st.sampled_from([Nothing(), Everything()])
    | st.builds(Among, st.just("text"), st.tuples(st.sampled_from([*NASTY, None])), st.booleans())
    | st.builds(Within, st.just("whole"), st.integers(-2, 0), st.integers(0, 2)),
    lambda inner: (
        st.builds(Every, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Either, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@given(CONDITIONS)
def test_conditions_nest(condition):
    """Brackets stand where they must."""
    cells = {"text": ["a", None, "it's", ""], "whole": [1, -1, None, 2]}
    frame, rows = framed(cells)
    expected = [at for at, row in enumerate(rows) if holds(condition, row)]
    assert_all_find(condition, frame, expected)


@pytest.mark.parametrize(
    "name", ["two words", "select", "class", "a-b", "日本", "index", "a'b", 'a"b', "a#b", "a.b", "{0}", "Ünï"]
)
def test_names_that_need_quotes_are_quoted(name):
    """In SQL and in pandas; found by running them."""
    frame = pd.DataFrame({"row": [0, 1], name: ["x", None]})
    assert_all_find(Among(name, ("x",)), frame, [0])


def test_the_words_that_sql_reserves_are_known():
    """As DuckDB lists them."""
    listed = duckdb.sql(
        "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category IN ('reserved', 'type_function')"
    )
    assert {row[0] for row in listed.fetchall()} <= set(_SQL_WORDS.split())


@pytest.mark.parametrize("name", ["a`b", "a\tb", "ﬁ"])
def test_a_name_that_a_pandas_query_can_not_hold_is_refused(name):
    """The other dialects take it."""
    with pytest.raises(OptionError, match="can't be named in a pandas query"):
        write(Among(name, (1,)), "pandas")
    assert write(Among(name, (1,)), "sql") == f'"{name}" = 1'


def test_the_refusal_of_a_name_is_told():
    """The whole message."""
    with pytest.raises(OptionError) as caught:
        write(Among("a`b", (1,)), "pandas")
    assert str(caught.value) == (
        "The column 'a`b' can't be named in a pandas query: it holds a backtick or a character that does not show. "
        "Take the rows from view.selected, or rename the column before you draw it."
    )


def test_a_value_without_a_literal_is_told():
    """The whole message."""
    with pytest.raises(OptionError) as caught:
        write(Among("raw", (b"x",)), "kql")
    assert str(caught.value) == (
        "The selection holds b'x', a bytes, which KQL has no literal for. "
        "Take the rows from view.selected, or turn the column into text or numbers before you draw it."
    )


def test_an_unknown_dialect_is_told():
    """With those that there are."""
    with pytest.raises(OptionError) as caught:
        write(Nothing(), "xml")
    assert str(caught.value) == "dialect='xml' is not known. It takes: 'kql', 'sql', 'spark', 'pandas'."


def test_values_are_kept_once_and_as_plain_python():
    """NaN and NaT are null; numpy's numbers are numbers."""
    values = pd.Series([1.5, None, 1.5]).to_numpy()
    assert Among("a", (*values, pd.NaT, pd.NA)) == Among("a", (1.5, None))


def test_kql_is_written_for_people():
    """One line; each value a literal of its type."""
    condition = Every(
        (
            Among("Account", ("o'neil\\x", None)),
            Either((Within("TimeGenerated", NOON, NOON), Among("Event ID", (4624.0, 7), negated=True))),
            Among("by", (True,), negated=True),
        )
    )
    assert write(condition, "kql") == (
        '| where (Account == "o\'neil\\\\x" or isempty(Account)) and '
        "(TimeGenerated between (datetime(2024-03-11T12:00:00.000000Z) .. datetime(2024-03-11T12:00:00.000000Z)) or "
        '(isnull(["Event ID"]) or ["Event ID"] !in (4624, 7))) and ["by"] != true'
    )


def kusto_text(text):
    """Read one string literal as Kusto's scanner does, and return its value and what stands behind it."""
    assert text[0] == '"'
    value, at = "", 1
    while text[at] != '"':
        assert text[at] not in "\r\n"
        if text[at] != "\\":
            value, at = value + text[at], at + 1
            continue
        kind, at = text[at + 1], at + 2
        digits = {"x": 2, "u": 4, "U": 8}.get(kind, 0)
        plain = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"'}
        value += chr(int(text[at : at + digits], 16)) if digits else plain[kind]
        at += digits
    return value, text[at + 1 :]


@given(st.text() | st.sampled_from(NASTY))
def test_no_text_leaves_its_literal_in_kql(text):
    """Read back by the rules of Kusto's own scanner, it is the text and nothing is behind it."""
    written = write(Among("a", (text,)), "kql")
    assert kusto_text(written.removeprefix("| where a == ")) == (text, "")
    assert kusto_text(write(Among(text + " ", (1,)), "kql").removeprefix("| where [")) == (
        text + " ",
        "] == 1",
    )
