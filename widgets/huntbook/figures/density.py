"""Counts by lane and bin: one image to look at, and unseen bars below the hand for tooltips and selection.

A browser draws one image in no time, and five thousand bars in a twentieth of a second, which is too long for a wheel.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.colors import RGB, named
from bokeh.models import ColumnDataSource, CustomJS, HBar, Image, LinearColorMapper
from bokeh.transform import transform

from huntbook.compute.times import milliseconds

if TYPE_CHECKING:
    from bokeh.plotting import figure as Figure  # noqa: N812 - Bokeh's class has a function's name
    from numpy.typing import NDArray

    from huntbook.compute.window import Window
    from huntbook.figures.theme import Theme

_FAINTEST = 0.16
# A lane is six lines of the image, of which the outer ones are empty.
_LINES = 6
CELL_HEIGHT = (_LINES - 2) / _LINES
# Values of the image: 0 is empty, 1 to 127 a strength, 128 to 254 a strength in the lane of all others.
_STEPS = 127
_UNSELECTED = 0.25
_DIM = "image.global_alpha = this.indices.length ? unselected : 1"


class Density:
    """The drawn counts.

    Parameters
    ----------
    figure
        What they are drawn in.
    """

    def __init__(self, figure: Figure) -> None:
        self.cells, self._pixels = ColumnDataSource(), ColumnDataSource()
        self._tones = LinearColorMapper(low=0, high=1)
        self._shades = LinearColorMapper(low=0, high=2 * _STEPS, palette=["#00000000"])
        self._image = Image(image="image", x="x", y="y", dw="dw", dh="dh", color_mapper=self._shades)
        figure.add_glyph(self._pixels, self._image, nonselection_glyph=None, selection_glyph=None)
        place: dict[str, Any] = {"y": "lane", "left": "left", "right": "right", "height": CELL_HEIGHT}
        unseen = HBar(**place, fill_color=None, line_color=None)
        self.renderer = figure.add_glyph(
            self.cells,
            unseen,
            nonselection_glyph=unseen,
            selection_glyph=HBar(
                **place,
                fill_color=transform("rest", self._tones),
                fill_alpha="strength",
                line_color=None,
            ),
        )
        self.cells.selected.js_on_change(
            "indices", CustomJS(args={"image": self._image, "unselected": _UNSELECTED}, code=_DIM)
        )

    @property
    def palette(self) -> list[Any]:
        """The colour of each value of the image."""
        return list(self._shades.palette)

    @property
    def pixels(self) -> dict[str, Any]:
        """The image, and where it lies."""
        return dict(self._pixels.data)

    def show(self, window: Window, *, lanes: int, first_lane: int, rest_lane: int) -> None:
        """Draw the counts of `window`; nothing stays selected.

        Parameters
        ----------
        window
            What is in view.
        lanes
            How many lanes there are.
        first_lane
            The lane that the first of them is drawn in.
        rest_lane
            The lane of all others; -1 if there is none.
        """
        if self.cells.selected.indices:
            self.cells.selected.indices = []
        if not len(window.cells) and not len(self.cells.data.get("lane", [None])):  # empty as before
            return
        columns = _cell_columns(window, first_lane, rest_lane=rest_lane)
        self.cells.data = columns
        image: Any = _image_columns(window, columns, lanes=lanes, first_lane=first_lane)
        self._pixels.data = image

    def restyle(self, theme: Theme, *, color: str) -> None:
        """Give the counts a colour, and those of all others that of `theme`."""
        self._tones.palette = [color, theme.rest]
        self._shades.palette = ["#00000000", *_shades(color), *_shades(theme.rest)]


def _cell_columns(window: Window, first_lane: int, *, rest_lane: int) -> dict[str, Any]:
    cells = window.cells
    left = milliseconds(window.origin + cells["bin"].to_numpy() * window.width)
    right = np.minimum(left + window.width / 1_000, milliseconds(window.stop + 1))
    rows = cells["rows"].to_numpy()
    # By the logarithm: one event is seen beside a million.
    strength = _FAINTEST + (1 - _FAINTEST) * np.log1p(rows) / np.log1p(rows.max(initial=1))
    return {
        "left": left,
        "right": right,
        "lane": (cells["lane"].to_numpy() + first_lane).astype(np.uint16),
        "rows": rows.astype(np.uint32),
        "strength": strength.astype(np.float32),
        "rest": (cells["lane"].to_numpy() == rest_lane).astype(np.uint8),
    }


def _image_columns(
    window: Window, columns: dict[str, Any], *, lanes: int, first_lane: int
) -> dict[str, list[Any]]:
    """Return the image of the cells that `columns` holds, with the time and the lane that it begins at."""
    places = window.cells["bin"].to_numpy()
    if not len(places):
        return {"image": [], "x": [], "y": [], "dw": [], "dh": []}
    values: NDArray[np.uint8] = np.zeros((lanes, int(places.max()) + 1), dtype=np.uint8)
    steps = np.rint(columns["strength"] * _STEPS).astype(np.uint8)
    values[window.cells["lane"].to_numpy(), places] = steps + _STEPS * columns["rest"]
    image = np.repeat(values, _LINES, axis=0)
    image[::_LINES] = image[_LINES - 1 :: _LINES] = 0
    return {
        "image": [image],
        "x": [float(milliseconds(window.origin))],
        "y": [first_lane - 0.5],
        "dw": [values.shape[1] * window.width / 1_000],
        "dh": [lanes],
    }


def _shades(color: str) -> list[str]:
    """Return `color` at every strength."""
    name = color.lower()
    if name.startswith("#"):
        rgb = RGB.from_hex_string(name)
    elif name in named.__all__:
        rgb = getattr(named, name).to_rgb()
    else:  # rgb(...) or rgba(...)
        rgb = RGB(*map(int, re.findall(r"\d+", color)[:3]))
    return [
        f"#{rgb.r:02x}{rgb.g:02x}{rgb.b:02x}{round(255 * at / _STEPS):02x}" for at in range(1, _STEPS + 1)
    ]
