"""Columns as they really arrive."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.processes.columns import NAT, encode, encode_text, process_ids, times
from huntbook.errors import DataError


@pytest.mark.parametrize(
    "cells",
    [
        [420, 4, -1],
        [420.0, 4.0, np.nan],
        ["0x1a4", "0x4", None],
        ["420", " 4 ", "-"],
        [420, "0X4", None],
        ["420.0", 4.0, ""],
        pd.array([420, 4, None], dtype="Int64"),
    ],
)
def test_ids_in_any_form_are_the_same_numbers(cells):
    """Whole numbers, floats, decimal and hex text and a mix of them read alike; what isn't there is -1."""
    assert process_ids(pd.Series(cells, name="pid")).tolist() == [420, 4, -1]


@pytest.mark.parametrize("bad", ["svchost", 4.5, "0xzz", True])
def test_a_cell_that_is_no_id_is_named_with_its_row(bad):
    """The error names column, row and value, and says what would do."""
    with pytest.raises(DataError) as caught:
        process_ids(pd.Series([4, "0x8", bad], name="NewProcessId", dtype=object))
    assert str(caught.value) == (
        f"Column 'NewProcessId', row 2 (counted from 0): {bad!r} is not a process id. "
        "Ids are whole numbers, or hex text such as '0x1a4'."
    )


def test_times_in_mixed_zones_are_one_instant():
    """Text with zones, without, and time objects all become UTC."""
    cells = [
        "2026-01-01T01:00:00+01:00",
        "2026-01-01 00:00:00",
        "2025-12-31T19:00:00-05:00",
        pd.Timestamp("2026-01-01", tz="UTC"),
    ]
    assert np.unique(times(pd.Series(cells, dtype=object))).tolist() == [pd.Timestamp("2026-01-01").value]


def test_a_recorders_zero_is_no_time():
    """The years 1601 and 1970, NaT and empty text all mean that the time isn't known."""
    cells = ["1601-01-01", "1970-01-01T00:00:00Z", None, "", "-"]
    assert times(pd.Series(cells, dtype=object)).tolist() == [NAT] * 5


def test_times_keep_their_nanoseconds():
    """Hundreds of nanoseconds, as Windows counts, survive."""
    assert times(pd.Series(["2021-06-23 03:08:14.159814200+00:00"]))[0] % 1_000 == 200


def test_text_that_is_no_time_is_named_with_its_row():
    """The error names column, row and value."""
    with pytest.raises(DataError) as caught:
        times(pd.Series(["2026-01-01", "yesterday"], name="when"))
    assert str(caught.value) == (
        "Column 'when', row 1 (counted from 0): 'yesterday' is not a time. "
        "Times are datetimes, or text such as '2026-01-31 23:59:58.123+01:00'."
    )


def test_numbers_are_no_times_until_someone_says_their_unit():
    """Seconds or milliseconds can't be told apart, so nothing is guessed."""
    with pytest.raises(DataError) as caught:
        times(pd.Series([1_700_000_000], name="time"))
    assert str(caught.value) == (
        "Column 'time' holds numbers, not times. "
        "Say their unit first: frame['time'] = pd.to_datetime(frame['time'], unit='s')."
    )


def test_encoded_columns_share_one_vocabulary():
    """Equal text has one code in both columns; nothing is -1."""
    coded = encode([pd.Series(["A", "b", None]), pd.Series(["B", "-", "a"])], str.lower)
    assert [codes.tolist() for codes in coded.codes] == [[0, 1, -1], [1, -1, 0]]
    assert coded.vocabulary.texts == ("A", "b")


def test_command_lines_differ_by_more_than_case_space_and_escapes():
    """What recorders change on one side only makes no difference."""
    own, told = encode_text(
        [pd.Series(["cmd /c %%COMSPEC%%", "x", None]), pd.Series(["CMD /c %comspec% ", "y", ""])]
    )
    assert own[0] == told[0]
    assert own[1] != told[1]
    assert own[2] == told[2] == -1
