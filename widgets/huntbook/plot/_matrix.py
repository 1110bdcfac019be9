"""The matrix as a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.compute.axes import Choice
from huntbook.compute.engines.pairs import EnginePairCounter
from huntbook.compute.engines.table import Table, open_frame
from huntbook.compute.pairs import PairCounter
from huntbook.compute.timeline import flagged_rows
from huntbook.errors import OptionError
from huntbook.plot._options import MOST_CATEGORIES, category_order, pixels, whole

if TYPE_CHECKING:
    from huntbook.views import PlotView
    from huntbook.views.matrix import Counter

_LEAST_FONT, _MOST_FONT = 4, 72


def matrix(
    frame: Any,
    *,
    x: str,
    y: str,
    title: str | None = None,
    value_col: str | None = None,
    dist_count: bool | str = False,
    log_size: bool = False,
    invert: bool = False,
    intersect: bool = False,
    sort: str | bool | None = None,
    sort_x: str | bool | None = None,
    sort_y: str | bool | None = None,
    flag: Any = None,
    color: str | None = None,
    height: int | None = None,
    width: int | None = None,
    font_size: int | None = None,
    max_label_font_size: int = 11,
    max_categories: int = 100,
) -> PlotView:
    """Draw which values of two columns occur together, and how often.

    Each pair is a circle whose area stands for its rows, its sum or its distinct count. Columns may
    hold anything hashable; null is a category of its own. Where a column has more than
    `max_categories` categories, the busiest are drawn and the rest share a grey margin.

    Parameters
    ----------
    frame : DataFrame
        The rows, of pandas or any engine (see the page "Any engine"); never changed.
    x, y : str
        Names of the columns across and down; may be the same.
    title : str, optional
        Drawn above the sentence that says what is shown; default is the sentence alone.
    value_col : str, optional
        A numeric column: circles stand for its sum. Sums below zero are hollow circles; rows without
        a finite number add nothing, and the title says how many they are.
    dist_count : bool or str, default False
        True: circles stand for the number of distinct values of `value_col`, which may then be any
        column. A column's name: the number of its distinct values. Null is not counted.
    log_size : bool, default False
        The diameter grows with log(1 + value): for values of very different size.
    invert : bool, default False
        The smallest value gets the largest circle: the rare stands out.
    intersect : bool, default False
        All circles are alike: only whether a pair occurs is shown.
    sort, sort_x, sort_y : str, bool or None, default None
        Order of both axes, or of one; the one wins. None or "total": by total, busiest first. "rarity": the
        rarest of all categories are drawn, fewest rows first; on both axes, those of the rarest pairs.
        "similarity": categories that meet the same stand beside each other. "asc" or True: by value, ascending
        from left and from the top. "desc": descending. Words that start so, such as "ascending", are taken too.
        False: in order of first appearance.
    flag : str or sequence of bool, optional
        The rows to point out: a column of booleans, a pandas query such as ``"Severity == 'High'"``, or a mask;
        in an engine a column of booleans or a Narwhals expression.
        Their categories always have a place, as far as there are places, and their part of a circle is red.
    color : str, optional
        Any CSS colour; default is the theme's accent.
    height, width : int, optional
        Of the picture in pixels, 200 to 10,000; default is what the labels need to be read.
    font_size : int, optional
        Of the labels in pixels, 4 to 72; default is what fits, at least 8.
    max_label_font_size : int, default 11
        The most that fitting may choose, in pixels.
    max_categories : int, default 100
        How many categories an axis shows at most, 1 to 200.

    Returns
    -------
    PlotView
        Its `data` has a row a drawn pair with the columns ``x``, ``y``, ``rows`` (exact number of
        rows), ``value`` (what is shown: rows, sum or distinct count) and ``size`` (drawn diameter in
        pixels); its `selected` is the rows behind the selected circles.

    Raises
    ------
    ColumnNotFoundError
        If a column is not in the frame.
    DataError
        If the frame is empty or no pandas frame, or a column can't be used as asked.
    OptionError
        If an option does not take its value.

    Examples
    --------
    >>> from huntbook import plot, samples
    >>> flows = samples.network_flows(rows=1_000)
    >>> view = plot.matrix(flows, x="SourceIP", y="DestinationPort")
    >>> int(view.data["rows"].sum())
    1000
    """
    from huntbook.figures.matrix import MatrixLook  # noqa: PLC0415 - Bokeh and ipywidgets load with the first picture
    from huntbook.views.matrix import MatrixView  # noqa: PLC0415 - the same

    rows = open_frame(frame)
    sum_of, distinct_of = _measure(value_col, dist_count)
    size = whole("max_categories", max_categories, 1, MOST_CATEGORIES)
    choices = {
        side: Choice(order=category_order(sort if own is None else own, option=option), size=size)
        for side, own, option in (
            ("x", sort_x, "sort" if sort_x is None else "sort_x"),
            ("y", sort_y, "sort" if sort_y is None else "sort_y"),
        )
    }
    look = MatrixLook(
        title=title,
        log_size=log_size,
        invert=invert,
        intersect=intersect,
        color=color,
        height=pixels("height", height),
        width=pixels("width", width),
        font_size=None if font_size is None else whole("font_size", font_size, _LEAST_FONT, _MOST_FONT),
        max_label_font_size=whole("max_label_font_size", max_label_font_size, _LEAST_FONT, _MOST_FONT),
    )
    counter = _counter(rows, x=x, y=y, sum_of=sum_of, distinct_of=distinct_of, flag=flag)
    return MatrixView(rows, counter=counter, look=look, **choices)


def _counter(
    rows: pd.DataFrame | Table, *, x: str, y: str, sum_of: str | None, distinct_of: str | None, flag: Any
) -> Counter:
    if isinstance(rows, pd.DataFrame):
        flagged = None if flag is None else flagged_rows(rows, flag)
        return PairCounter(rows, x=x, y=y, sum_of=sum_of, distinct_of=distinct_of, flagged=flagged)
    return EnginePairCounter(rows, x=x, y=y, sum_of=sum_of, distinct_of=distinct_of, flag=flag)


def _measure(value_col: str | None, dist_count: bool | str) -> tuple[str | None, str | None]:  # noqa: FBT001 - the option's own types
    """Return the column to sum and the column whose distinct values are counted."""
    if dist_count is False or dist_count is None:
        return value_col, None
    if dist_count is True:
        if value_col is None:
            raise OptionError(
                "dist_count=True needs value_col, the column whose distinct values are counted. "
                "Give value_col='<column>' too, or dist_count='<column>' alone."
            )
        return None, value_col
    if value_col is not None and value_col != dist_count:
        raise OptionError(
            f"dist_count={dist_count!r} and value_col={value_col!r} ask for two measures at once. "
            "Leave one of them out."
        )
    return None, dist_count
