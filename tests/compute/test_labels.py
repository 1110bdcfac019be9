"""Text for category values."""

from __future__ import annotations

import datetime as dt

import pytest

from huntbook.compute.labels import category_labels, shorten


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([None, "(null)"], ["(null)", "(null) (str)"]),
        ([1, "1", True, 1.5], ["1 (int)", "1 (str)", "True", "1.5"]),
        ([443.0, 80.0, None], ["443", "80", "(null)"]),
        (["", "  "], ["''", "'  '"]),
        (["a\nb", "\u202etxt.exe"], [r"a\nb", r"\u202etxt.exe"]),
        (
            [dt.datetime(2024, 1, 2, tzinfo=dt.UTC), dt.datetime(2024, 1, 3, tzinfo=dt.UTC)],
            ["2024-01-02", "2024-01-03"],
        ),
        ([dt.datetime(2024, 1, 2, 3, tzinfo=dt.UTC)], ["2024-01-02 03:00:00+00:00"]),
        (["<script>", "@x{y} $z"], ["<script>", "@x{y} $z"]),
    ],
)
def test_category_labels(values, labels):
    """Each value's label is visible, on one line, and differs from the others'."""
    assert category_labels(values) == labels


def test_shorten_keeps_both_ends():
    """Paths and names differ at their ends, so the middle is cut."""
    assert shorten(r"C:\Windows\System32\svchost.exe", 16) == r"C:\Window…st.exe"
    assert shorten("short", 5) == "short"
