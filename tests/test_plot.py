"""Pictures as functions: options, and what is said when they are wrong."""

from __future__ import annotations

import pandas as pd
import pytest

from huntbook import plot
from huntbook.errors import OptionError


@pytest.fixture
def frame():
    """Give a column of words and one of numbers."""
    return pd.DataFrame({"x": ["b", "a", "a", "c"], "y": [1, 2, 2, 1], "v": [1, 2, 2, 4]})


def xs(view):
    """Return the labels along x."""
    axis = view.figure.xaxis[0]
    return [axis.major_label_overrides[tick] for tick in axis.ticker.ticks]


def ys(view):
    """Return the labels down y."""
    axis = view.figure.yaxis[0]
    return [axis.major_label_overrides[tick] for tick in axis.ticker.ticks]


def test_data_has_the_documented_columns(frame):
    """A row a drawn pair."""
    data = plot.matrix(frame, x="x", y="y").data
    assert data.columns.tolist() == ["x", "y", "rows", "value", "size"]
    assert data[["x", "y", "rows", "value"]].to_numpy().tolist() == [
        ["a", 2, 2, 2],
        ["b", 1, 1, 1],
        ["c", 1, 1, 1],
    ]


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({}, 2),
        ({"value_col": "v"}, 4),
        ({"value_col": "v", "dist_count": True}, 1),
        ({"dist_count": "v"}, 1),
        ({"dist_count": "v", "value_col": "v"}, 1),
    ],
)
def test_the_three_measures(frame, options, value):
    """Rows, sum, distinct count, in both ways of asking."""
    data = plot.matrix(frame, x="x", y="y", **options).data
    assert data.loc[data["x"] == "a", ["rows", "value"]].to_numpy().tolist() == [[2, value]]


@pytest.mark.parametrize(
    ("options", "across", "down"),
    [
        ({}, ["a", "b", "c"], ["1", "2"]),
        ({"sort": "desc"}, ["c", "b", "a"], ["2", "1"]),
        ({"sort": "Descending"}, ["c", "b", "a"], ["2", "1"]),
        ({"sort": True}, ["a", "b", "c"], ["1", "2"]),
        ({"sort": False}, ["b", "a", "c"], ["1", "2"]),
        ({"sort": "asc", "sort_y": "desc"}, ["a", "b", "c"], ["2", "1"]),
        ({"sort": "asc", "sort_x": False}, ["b", "a", "c"], ["1", "2"]),
    ],
)
def test_sort(frame, options, across, down):
    """Each word, and the axis' own wins, False too."""
    view = plot.matrix(frame, x="x", y="y", **options)
    assert (xs(view), ys(view)) == (across, down)


def test_size_and_fonts_reach_the_figure(frame):
    """In pixels."""
    figure = plot.matrix(frame, x="x", y="y", width=640, height=480, font_size=17).figure
    assert (figure.width, figure.height) == (640, 480)
    assert figure.xaxis[0].major_label_text_font_size == "17px"
    smaller = plot.matrix(frame, x="x", y="y", max_label_font_size=9).figure
    assert smaller.yaxis[0].major_label_text_font_size == "9px"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"sort": "up"},
            "sort='up' is not known. It takes: 'asc', 'desc', 'total', 'rarity', 'similarity', 'True', 'False', 'None'.",
        ),
        (
            {"sort_x": "dsc"},
            "sort_x='dsc' is not known. Did you mean 'desc'? It takes: 'asc', 'desc', 'total', 'rarity', 'similarity', 'True', 'False', 'None'.",
        ),
        (
            {"dist_count": True},
            (
                "dist_count=True needs value_col, the column whose distinct values are counted. "
                "Give value_col='<column>' too, or dist_count='<column>' alone."
            ),
        ),
        (
            {"dist_count": "v", "value_col": "y"},
            "dist_count='v' and value_col='y' ask for two measures at once. Leave one of them out.",
        ),
        ({"max_categories": 0}, "max_categories=0: it takes a whole number from 1 to 200."),
        ({"width": "wide"}, "width='wide': it takes a whole number from 200 to 10,000."),
        ({"font_size": True}, "font_size=True: it takes a whole number from 4 to 72."),
    ],
)
def test_bad_options_are_told_with_the_fix(frame, options, message):
    """The whole message."""
    with pytest.raises(OptionError) as caught:
        plot.matrix(frame, x="x", y="y", **options)
    assert str(caught.value) == message
