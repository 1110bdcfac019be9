"""What all pictures have in common as widgets: selection, theme, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from huntbook.compute.conditions import write
from huntbook.compute.engines.table import Table
from huntbook.errors import DataError
from huntbook.figures.theme import LIGHT, THEMES, Theme
from huntbook.views.gate import Gate, Picture, script_urls
from huntbook.views.snapshot import page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import pandas as pd
    from bokeh.models import ColumnDataSource, LayoutDOM
    from numpy.typing import NDArray

    from huntbook.compute.conditions import Condition, DialectName


class _SelectedRows(traitlets.TraitType[Any, Any]):
    """A read-only trait whose value is computed when it is read."""

    def get(self, obj: Any, cls: Any = None) -> Any:  # noqa: ARG002 - traitlets' signature
        return obj._selected_rows()  # noqa: SLF001 - the trait belongs to the class

    def set(self, obj: Any, value: Any) -> None:  # noqa: ARG002 - traitlets' signature
        raise traitlets.TraitError(
            "view.selected is what the picture's selection says; select in the picture."
        )


class PlotView(ipywidgets.VBox):  # type: ignore[misc] # ipywidgets ships no types
    """A picture in a notebook cell, and the way from it back to the rows.

    It is an ipywidget: the cell that ends with it shows it, and it fits into any box. Building
    one displays nothing.

    Attributes
    ----------
    figure
        The Bokeh figure, to go on drawing.
    data
        The computed frame that is drawn.
    selected
        The rows of the source frame behind the selected marks, with their index and in their order;
        no rows when nothing is selected. In the kind of frame that was drawn: a query where that was one. Computed when it is read; `observe` calls back with the rows.
    theme
        ``light`` or ``dark``: follows the page.
    """

    selected = _SelectedRows()
    theme = traitlets.Enum(sorted(THEMES), default_value=LIGHT.name)

    def __init__(
        self,
        *,
        figure: LayoutDOM,
        sources: Sequence[ColumnDataSource],
        frame: pd.DataFrame | Table,
        summary: str,
        restyle: Callable[[Theme], None],
    ) -> None:
        self.figure = figure
        self.summary = summary
        # A shallow copy: rows that the caller adds to or drops from the frame later don't shift ours.
        self._frame = frame if isinstance(frame, Table) else frame.copy(deep=False)
        self._sources = tuple(sources)
        self._restyle = restyle
        self._rows: Any = None
        self._heard = self._indices()
        self._picture = Picture(figure)
        self._gate = Gate(
            picture=self._picture,
            scripts=script_urls(),
            summary=summary,
            status=self._status(),
            on_theme=self._follow,
        )
        self._gate.on_width = self._fit
        super().__init__(children=[self._gate])
        for source in sources:
            source.selected.on_change("indices", self._selection_changed)

    @property
    def data(self) -> pd.DataFrame:
        """The computed frame that is drawn."""
        raise NotImplementedError

    def save(self, path: str | Path) -> Path:
        """Write the picture as one HTML file that works with no network and no kernel.

        It is a snapshot of what is in view, and says so; the same picture gives the same bytes.

        Parameters
        ----------
        path
            Where to; an existing file is replaced. ``~`` is the home folder.

        Returns
        -------
        pathlib.Path
            The file's absolute path.

        Raises
        ------
        DataError
            If the file can't be written; says why.
        """
        target = Path(path).expanduser().absolute()
        html = page(self.figure, summary=self.summary, note=self._snapshot(), theme=THEMES[self.theme])
        try:
            target.write_text(html, encoding="utf-8")
        except OSError as error:
            raise DataError(
                f"path={str(path)!r}: the picture can't be written there ({error.strerror}). "
                "Give a path in a folder that exists and that you may write to."
            ) from error
        return target

    def where(self, dialect: DialectName = "kql") -> str:
        """Return the selection as a filter, to ask whoever holds all of the data for the same rows.

        Parameters
        ----------
        dialect
            ``kql``: a ``| where ...`` line to put below a table's name. ``sql``: what stands after WHERE in
            DuckDB, PostgreSQL and most others. ``spark``: the same in Spark SQL. ``pandas``: for `DataFrame.query`.

        Returns
        -------
        str
            One line; with nothing selected, a condition that no row meets.

        Raises
        ------
        OptionError
            An unknown dialect, or a name or a value that the dialect can't express.
        """
        return write(self._condition(), dialect)

    def _snapshot(self) -> str:
        """Say what a saved picture holds."""
        return "A snapshot: it holds what was in view, and asks for no further rows."

    def _selected_rows(self) -> Any:
        if self._rows is None:
            self._rows = self._rows_in(self._frame, self._positions, self._condition)
        return self._rows

    @staticmethod
    def _rows_in(
        frame: pd.DataFrame | Table,
        positions: Callable[[], NDArray[np.intp]],
        condition: Callable[[], Condition],
    ) -> Any:
        """Return the chosen rows: of pandas by where they are, of an engine by what they hold."""
        return frame.where(condition()) if isinstance(frame, Table) else frame.iloc[positions()]

    def _indices(self) -> list[list[int]]:
        """Return the selected marks of each source."""
        return [list(source.selected.indices) for source in self._sources]

    def _replace(
        self,
        *,
        figure: LayoutDOM,
        sources: Sequence[ColumnDataSource],
        summary: str,
        restyle: Callable[[Theme], None],
    ) -> None:
        """Put another figure in the place of the one that is shown; nothing is selected in it."""
        self.figure = figure
        self._sources = tuple(sources)
        self._restyle = restyle
        restyle(THEMES[self.theme])
        for source in sources:
            source.selected.on_change("indices", self._selection_changed)
        self._picture.update_from_model(figure)
        self._describe(summary)
        self._selection_gone()

    def _describe(self, summary: str) -> None:
        """Put other words in the place of the picture's."""
        self.summary = self._gate.summary = summary

    def _selection_gone(self) -> None:
        """Forget what was selected: the marks are others now."""
        self._heard = self._indices()
        self._rows = None
        self._gate.status = self._status()

    def _selection_changed(self, _attribute: str, _old: Any, _new: Any) -> None:
        indices = self._indices()
        if indices == self._heard:  # a change in the browser arrives twice
            return
        self._heard = indices
        self._rows = None
        self._gate.status = self._status()
        if self._trait_notifiers.get("selected"):
            self.notify_change(
                traitlets.Bunch(name="selected", owner=self, type="change", old=None, new=self.selected)
            )

    def _positions(self) -> NDArray[np.intp]:
        """Return the positions of the frame's rows behind the selected marks, in frame order."""
        raise NotImplementedError

    def _condition(self) -> Condition:
        """Return which rows are selected, as a condition on their columns."""
        raise NotImplementedError

    def _status(self) -> str:
        """Say what is selected, or how to select."""
        raise NotImplementedError

    @traitlets.observe("theme")
    def _theme_changed(self, change: traitlets.Bunch) -> None:
        with self._picture.quietly():
            self._restyle(THEMES[change.new])

    def _fit(self, cell: int) -> None:
        """Lay the picture out for a cell of so many pixels."""

    def _follow(self, theme: str) -> None:
        """Take the page's theme; redraw a picture that changed since the page got it."""
        if theme in THEMES and theme != self.theme:
            self.theme = theme
        elif self._picture.stale:
            self._picture.update_from_model(self.figure)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        bundle["text/plain"] = repr(self)
        return bundle

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.summary}>"
