"""The matrix as a widget: other categories, other orders and other pages are counted in the kernel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from huntbook.compute.pairs import PairCounter
from huntbook.errors import OptionError
from huntbook.figures.matrix import draw_matrix
from huntbook.figures.matrix_sentences import in_words
from huntbook.views.matrix_controls import MatrixControls
from huntbook.views.view import PlotView

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from huntbook.compute.axes import Choice, Order, Side
    from huntbook.compute.conditions import Condition
    from huntbook.compute.engines.table import Table
    from huntbook.compute.pairs import Pairs
    from huntbook.figures.matrix import MatrixLook


class Counter(Protocol):
    """Whoever counts the pairs: of a pandas frame, or in an engine."""

    x: Side
    y: Side

    def count(self, x: Choice, y: Choice) -> Pairs:
        """Count by pair of the categories that are asked for."""


class MatrixView(PlotView):
    """A matrix of circles; `PlotView` has its members.

    Parameters
    ----------
    frame
        The rows that are counted.
    counter
        Who counts them.
    x, y
        Which categories are shown at first.
    look
        How to draw them.
    """

    def __init__(
        self, frame: pd.DataFrame | Table, *, counter: Counter, x: Choice, y: Choice, look: MatrixLook
    ) -> None:
        self._counter = counter
        self._first = self._choices = (x, y)
        self._look = look
        self._cell: int | None = None
        self._pairs = counter.count(x, y)
        self._drawn = drawn = draw_matrix(self._pairs, look)
        super().__init__(
            figure=drawn.figure,
            sources=[drawn.source],
            frame=frame,
            summary=drawn.sentence,
            restyle=drawn.restyle,
        )
        self._gate.summary = in_words(self._pairs)
        self._controls = MatrixControls(self, self._pairs, self._choices)
        self.children = (*self._controls.rows, self._gate)

    @property
    def data(self) -> pd.DataFrame:
        """The drawn pairs: ``x``, ``y``, ``rows``, ``value``, ``size`` (pixels), and ``flagged`` rows where some can be."""
        return self._drawn.data

    @property
    def pages(self) -> tuple[int, int]:
        """How many pages of categories x has, and y."""
        return self._pairs.x.pages, self._pairs.y.pages

    @property
    def page(self) -> tuple[int, int]:
        """Which page is shown of x, and of y, from 0."""
        return self._pairs.x.page, self._pairs.y.page

    def show_page(self, *, x: int | None = None, y: int | None = None) -> None:
        """Show another page of the categories of one side or both: the nearest that exists.

        Parameters
        ----------
        x, y
            The page, from 0, of the categories by rarity or else by total; None leaves it as it is.
        """
        across, down = self._choices
        self._arrange(
            across if x is None else replace(across, page=x), down if y is None else replace(down, page=y)
        )

    def sort(self, *, x: Order | None = None, y: Order | None = None) -> None:
        """Put the categories of one side or both into another order, from their first page.

        Parameters
        ----------
        x, y
            ``total`` busiest first, ``rarity`` the rarest of all first, ``similarity`` those that meet the same beside each
            other, ``ascending`` or ``descending`` by value, ``appearance`` by first row; None leaves it.

        Examples
        --------
        >>> from huntbook import plot, samples
        >>> view = plot.matrix(samples.network_flows(rows=1_000), x="SourceIP", y="Protocol")
        >>> view.sort(y="rarity")
        >>> view.data["y"].tolist()[:2]
        ['UDP', 'TCP']
        """
        across, down = self._choices
        self._arrange(
            across if x is None else replace(across, order=x, page=0),
            down if y is None else replace(down, order=y, page=0),
        )

    def find(self, text: str) -> pd.DataFrame:
        """Return the categories of both sides with a text in them, in any case, shown or not; the busiest first.

        Parameters
        ----------
        text
            The text; empty finds nothing.

        Returns
        -------
        pandas.DataFrame
            ``axis`` (x or y), ``value``, ``label``, ``rows`` and ``shown`` (whether it has a place).

        Examples
        --------
        >>> from huntbook import plot, samples
        >>> view = plot.matrix(samples.network_flows(rows=1_000), x="SourceIP", y="Protocol")
        >>> view.find("udp")[["axis", "value", "shown"]].values.tolist()
        [['y', 'UDP', True]]
        """
        parts = [_found(name, side, axis.shown, text) for name, side, axis in self._sides()]
        return pd.concat(parts, ignore_index=True).sort_values(
            "rows", ascending=False, kind="stable", ignore_index=True
        )

    def show(self, *, x: Any = None, y: Any = None) -> None:
        """Give categories a place on every page, wherever they were, and select their circles.

        Parameters
        ----------
        x, y
            A value of that side's column, or a list of them; None stands for no value, ``[None]`` for null.

        Raises
        ------
        OptionError
            If the column has no such value.
        """
        pulled = {"x": _listed(x), "y": _listed(y)}
        for name, side, _ in self._sides():
            missing = [value for value in pulled[name] if not len(side.codes_of([value]))]
            if missing:
                raise OptionError(
                    f"{name}={missing[0]!r}: the column {side.column!r} has no such value. "
                    "view.find('text') lists those that have a text in them."
                )
        across, down = (
            replace(choice, kept=tuple(dict.fromkeys([*pulled[name], *choice.kept])))
            for name, choice in zip("xy", self._choices, strict=True)
        )
        self._arrange(across, down)
        hits = self.data["x"].isin(pulled["x"]) | self.data["y"].isin(pulled["y"])
        for name, nulls in (("x", None in pulled["x"]), ("y", None in pulled["y"])):
            hits |= self.data[name].isna() if nulls else False
        self._drawn.source.selected.indices = self.data.index[hits].tolist()

    def reset(self) -> None:
        """Show what was shown at first: its orders, its first pages, nothing pulled in."""
        self._arrange(*self._first)

    def _fit(self, cell: int) -> None:
        self._cell = cell
        with self._picture.together():
            self._drawn.fit(cell)

    def _sides(self) -> Iterable[tuple[str, Side, Any]]:
        return (("x", self._counter.x, self._pairs.x), ("y", self._counter.y, self._pairs.y))

    def _arrange(self, x: Choice, y: Choice) -> None:
        self._choices = (x, y)
        self._pairs = self._counter.count(x, y)
        self._drawn = drawn = draw_matrix(self._pairs, self._look)
        if self._cell is not None:
            drawn.fit(self._cell)
        self._replace(
            figure=drawn.figure, sources=[drawn.source], summary=drawn.sentence, restyle=drawn.restyle
        )
        self._gate.summary = in_words(self._pairs)
        self._controls.show(self._pairs, self._choices)

    def _positions(self) -> NDArray[np.intp]:
        if not isinstance(self._counter, PairCounter):
            raise TypeError(type(self._counter).__name__)
        return self._counter.positions(self._pairs, *self._indices())

    def _condition(self) -> Condition:
        return self._pairs.condition(*self._indices())

    def _status(self) -> str:
        (chosen,) = self._indices()
        if not chosen:
            return "Drag a box, or click a circle, to select; view.selected then holds the rows, view.where() the filter."
        rows = int(self.data["rows"].iloc[chosen].sum())
        circles = "1 circle" if len(chosen) == 1 else f"{len(chosen):,} circles"
        return (
            f"{circles} selected: {rows:,} of {self._pairs.rows:,} rows; "
            "view.selected holds them, view.where() the filter."
        )


def _found(name: str, side: Side, shown: list[Any], text: str) -> pd.DataFrame:
    codes = side.find(text) if text else side.used[:0]
    values = side.values(codes)
    drawn = {(type(value), value) for value in shown}
    return pd.DataFrame(
        {
            "axis": pd.Series([name] * len(codes), dtype=object),
            "value": pd.Series(values, dtype=object),
            "label": pd.Series(side.labels_of(codes), dtype=object),
            "rows": side.rows[codes],
            "shown": pd.Series([(type(value), value) in drawn for value in values], dtype=bool),
        }
    )


def _listed(values: Any) -> list[Any]:
    if values is None:
        return []
    return list(values) if isinstance(values, (list, tuple, set, pd.Series)) else [values]
