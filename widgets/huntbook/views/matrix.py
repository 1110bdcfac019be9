"""The matrix as a widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntbook.figures.matrix import draw_matrix
from huntbook.views.view import PlotView

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from huntbook.compute.engines.table import Table
    from huntbook.compute.pairs import Pairs
    from huntbook.figures.matrix import MatrixLook


class MatrixView(PlotView):
    """A matrix of circles; `PlotView` has its members.

    Parameters
    ----------
    frame
        The rows that were counted.
    pairs
        Their counts.
    look
        How to draw them.
    """

    def __init__(self, frame: pd.DataFrame | Table, *, pairs: Pairs, look: MatrixLook) -> None:
        self._pairs = pairs
        self._drawn = drawn = draw_matrix(pairs, look)
        super().__init__(
            figure=drawn.figure,
            sources=[drawn.source],
            frame=frame,
            summary=drawn.sentence,
            restyle=drawn.restyle,
        )

    @property
    def data(self) -> pd.DataFrame:
        """The drawn pairs: ``x``, ``y``, ``rows``, ``value`` and ``size`` (pixels)."""
        return self._drawn.data

    def _positions(self) -> NDArray[np.intp]:
        return self._pairs.positions(*self._indices())

    def _status(self) -> str:
        (chosen,) = self._indices()
        if not chosen:
            return "Drag a box, or click a circle, to select; view.selected then holds the rows."
        rows = int(self.data["rows"].iloc[chosen].sum())
        circles = "1 circle" if len(chosen) == 1 else f"{len(chosen):,} circles"
        return f"{circles} selected: {rows:,} of {self._pairs.rows:,} rows; view.selected holds them."
