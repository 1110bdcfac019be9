from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import numpy as np
import pandas as pd
import pytest

from huntbook.azure.kql import bind, literal, marked, place_of, table_name, timespan_text
from huntbook.errors import OptionError

NOON = datetime(2024, 1, 2, 12, 30, 15, 250, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", '"plain"'),
        (True, "true"),
        (7, "long(7)"),
        (np.int64(7), "long(7)"),
        (1.5, "real(1.5)"),
        (float("nan"), "real(nan)"),
        (float("-inf"), "real(-inf)"),
        (Decimal("1.10"), "decimal(1.10)"),
        (NOON, "datetime(2024-01-02T12:30:15.000250Z)"),
        (NOON.replace(tzinfo=None), "datetime(2024-01-02T12:30:15.000250Z)"),
        (NOON.astimezone(timezone(timedelta(hours=5))), "datetime(2024-01-02T12:30:15.000250Z)"),
        (pd.Timestamp(NOON), "datetime(2024-01-02T12:30:15.000250Z)"),
        (date(2024, 1, 2), "datetime(2024-01-02)"),
        (timedelta(days=1, hours=2, microseconds=5), "time(1.02:00:00.000005)"),
        (-timedelta(minutes=90), "time(-0.01:30:00.000000)"),
        (UUID(int=1), "guid(00000000-0000-0000-0000-000000000001)"),
        (["a", 1, None], 'dynamic(["a", 1, null])'),
        ({"k": [NOON]}, 'dynamic({"k": ["2024-01-02T12:30:15.000250Z"]})'),
        (None, "dynamic(null)"),
    ],
)
def test_every_type_has_its_own_literal(value, text):
    """A value arrives in the query with the type that it has here; times are UTC."""
    assert literal(value) == text


@pytest.mark.parametrize(
    "value",
    [
        '"; drop table',
        "\\",
        '\\"',
        "a\nb",
        "a\r\nb\tc",
        "'",
        "`",
        "// no comment",
        "x" * 10_000,
        "åß漢",
        "]) | take 1",
        "",
    ],
)
def test_no_text_can_leave_its_literal(value):
    """Whatever the text holds, it is one literal on one line, and reading it back gives the text."""
    text = literal(value)
    assert "\n" not in text
    assert json.loads(text) == value


@pytest.mark.parametrize("value", ["a\x00b", "\x1b[31m", "a\u2028b", object(), 2**63, float])
def test_what_has_no_literal_is_refused(value):
    """Control characters, foreign objects and numbers that don't fit are errors that name the parameter."""
    with pytest.raises(OptionError, match="'who'"):
        bind("T", {"who": value})


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a b", "a;b", "ä"])
def test_a_parameters_name_is_an_identifier(name):
    """The name stands in the query as it is, so nothing else may."""
    with pytest.raises(OptionError, match="letters, digits and underscores only"):
        bind("T", {name: 1})


def test_a_timespan_is_written_as_the_service_reads_it():
    """Durations, pairs and texts; a pair the wrong way round is an error."""
    assert timespan_text(timedelta(hours=1, milliseconds=5)) == "PT3600.005S"
    assert timespan_text((NOON, NOON + timedelta(hours=1))) == (
        "2024-01-02T12:30:15.000250Z/2024-01-02T13:30:15.000250Z"
    )
    assert timespan_text("P7D") == "P7D"
    with pytest.raises(OptionError, match="is not after the start"):
        timespan_text((NOON, NOON))


def test_the_mark_stands_under_the_place():
    """The line that the service names is shown with a mark."""
    assert marked("T\n| were x", line=2, column=2) == "\n  | were x\n    ^"
    assert marked("T", line=9, column=0) == ""
    assert marked("T\t| were x", line=1, column=4) == "\n  T\t| were x\n   \t  ^"


def test_of_a_long_line_only_the_place_is_shown():
    """Ten thousand characters before the place would push the mark off the screen."""
    query = "x" * 10_000 + "!" + "y" * 10_000
    assert marked(query, line=1, column=10_000) == f"\n  {'x' * 60}!{'y' * 59}\n  {' ' * 60}^"


def test_a_name_is_found_as_a_word_of_its_own():
    """The service counts lines from one and columns from nought."""
    assert place_of("T | where Foobar == 1\n| extend Foo = 1", "Foo") == (2, 9)
    assert place_of("T", "Foo") == (None, None)


@pytest.mark.parametrize("name", ['a"] | take 1 //', "a/b", "a%2fb", "..", "tabelle ä", "x" * 10_000])
def test_a_tables_name_can_not_leave_its_brackets(name):
    """Whatever the name holds, it stands quoted in brackets, and reading it back gives the name."""
    text = table_name(name)
    assert name.isidentifier() or json.loads(text[1:-1]) == name
