"""How big the matrix is, and how its labels fit: nothing overlaps, nothing is smaller than can be read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from huntbook.compute.labels import shorten
from huntbook.figures.text import widest

SMALLEST_FONT = 8.0
LONGEST_LABEL = 32
# Pixels between two places, when the size is ours to choose: least, most, and the length aimed at.
_LEAST, _MOST_X, _MOST_Y = 12.5, 36.0, 26.0
# The same in a narrow cell, where most places have no label; beside the frame is the toolbar.
_TIGHTEST, _TOOLBAR, _OVER = 3.0, 36.0, 10.0
_AIM_X, _AIM_Y = 800.0, 700.0
_CLOSE = 8.0
_SLANT = math.radians(50)
# Height of a line of text as a part of its font size.
_LINE = 1.2
# Pixels between two level labels.
_BETWEEN = 14.0
_LEAST_TITLE, _MOST_TITLE = 460.0, 640.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The places along one side, in half steps: place i is at 2 i, a margin half a step further.

    Parameters
    ----------
    pitch
        Pixels between two places.
    ticks
        Every place.
    label_ticks, label_texts
        The places that have a label, and the labels, cut where they are long.
    font_size
        In pixels.
    angle
        Of the labels, in radians.
    """

    pitch: float
    ticks: list[int]
    label_ticks: list[int]
    label_texts: list[str]
    font_size: float
    angle: float = 0.0

    @property
    def lines(self) -> list[int]:
        """The places that have a line: all, or where they are close together those with a label."""
        return self.label_ticks if self.pitch < _CLOSE else self.ticks

    @property
    def span(self) -> tuple[float, float]:
        """The range of coordinates, half a place beyond the first and the last."""
        return -1.0, self.ticks[-1] + 1.0

    @property
    def steps(self) -> float:
        """The length of the side in places."""
        return (self.span[1] - self.span[0]) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Both sides and the space around them, in pixels."""

    x: Places
    y: Places
    left: float
    right: float
    size: dict[str, Any]
    title_width: float

    @property
    def largest_circle(self) -> float:
        """The diameter at which two neighbours just don't touch."""
        return min(26.0, max(5.0, 0.92 * min(self.x.pitch, self.y.pitch)))


def lay_out(
    x_labels: list[str],
    y_labels: list[str],
    *,
    has_margin: tuple[bool, bool] = (False, False),
    width: int | None,
    height: int | None,
    font_size: int | None,
    max_font_size: int,
    cell: int | None = None,
) -> Layout:
    """Choose pitch, font sizes, label angle and borders for the labels of every place.

    Parameters
    ----------
    x_labels, y_labels
        The text of every place.
    has_margin
        Whether the last place of x, and of y, is the margin.
    width, height
        Of the whole picture in pixels; None to let the labels decide.
    font_size
        Of the labels in pixels; None to fit it to the pitch.
    max_font_size
        The most that fitting may choose.
    cell
        Pixels that there are for a picture whose width is not given: places move closer together where they must.
    """
    x_texts = [shorten(label, LONGEST_LABEL) for label in x_labels]
    y_texts = [shorten(label, LONGEST_LABEL) for label in y_labels]
    x_ticks, y_ticks = _ticks(len(x_texts), has_margin[0]), _ticks(len(y_texts), has_margin[1])
    y_pitch = (
        _pitch(y_ticks, _AIM_Y, _MOST_Y) if height is None else _inner(height, 150) / (y_ticks[-1] / 2 + 1)
    )
    y = _fitted(y_ticks, y_texts, y_pitch, _font(y_pitch, font_size, max_font_size))
    left = widest(y.label_texts, y.font_size) + 40
    x_pitch = (
        _pitch(x_ticks, _AIM_X, _level_or_slanted(x_ticks, x_texts, font_size or max_font_size))
        if width is None
        else _inner(width, left + 60) / (x_ticks[-1] / 2 + 1)
    )
    x = _turned(_fitted(x_ticks, x_texts, x_pitch, _font(x_pitch, font_size, max_font_size)))
    inside = math.inf if cell is None or width else cell - left - _TOOLBAR
    slanted = widest(x_texts, x.font_size) * math.cos(_SLANT) + 4
    for over in (_OVER, slanted):
        if x.pitch * x.steps + _overhang(x) > inside:
            x_pitch = max(_TIGHTEST, (inside - over) / x.steps)
            x = _turned(_fitted(x_ticks, x_texts, x_pitch, _font(x_pitch, font_size, max_font_size)))
    frame = x.pitch * x.steps
    right = max(_overhang(x), 0.0 if width else min(_LEAST_TITLE, inside) - frame)
    return Layout(
        x=x,
        y=y,
        left=left,
        right=right,
        size=_size(width, height, frame=(frame, y.pitch * y.steps)),
        title_width=min(frame + right, _MOST_TITLE),
    )


def _overhang(x: Places) -> float:
    """Return the pixels that the last label of x reaches beyond the last place's."""
    return max(
        math.cos(x.angle) * widest(x.label_texts[-1:], x.font_size) - x.pitch / 2 + 4 if x.angle else 0.0,
        _OVER,
    )


def _ticks(count: int, margin: bool) -> list[int]:  # noqa: FBT001 - private, one caller
    ticks = [2 * place for place in range(count)]
    if margin:
        ticks[-1] += 1
    return ticks


def _pitch(ticks: list[int], aim: float, most: float) -> float:
    return min(most, max(_LEAST, aim / (ticks[-1] / 2 + 1)))


def _level_or_slanted(ticks: list[int], texts: list[str], font: float) -> float:
    """Return the pitch that leaves the labels of x level, if that is not too wide; else the usual most."""
    level = widest(texts, font) + _BETWEEN
    return max(_MOST_X, level) if level * (ticks[-1] / 2 + 1) <= _AIM_X else _MOST_X


def _inner(outer: float, around: float) -> float:
    return max(60.0, outer - around)


def _font(pitch: float, chosen: int | None, most: float) -> float:
    if chosen is not None:
        return float(chosen)
    return round(max(SMALLEST_FONT, min(float(most), pitch / _LINE)), 1)


def _fitted(ticks: list[int], texts: list[str], pitch: float, font: float) -> Places:
    """Label every place if the lines fit, else every second, third and so on, and always the margin."""
    every = max(1, math.ceil(font * _LINE / pitch - 1e-6))
    last = len(ticks) - 1
    labelled = list(range(0, last + 1, every))
    # Only the margin is at an odd place.
    if ticks[-1] % 2 and labelled[-1] != last:
        labelled = [*(labelled[:-1] or labelled), last]
    return Places(
        pitch=pitch,
        ticks=ticks,
        label_ticks=[ticks[place] for place in labelled],
        label_texts=[texts[place] for place in labelled],
        font_size=font,
    )


def _turned(places: Places) -> Places:
    """Turn the labels of x as far as it takes for them not to touch."""
    room = (
        places.pitch * (places.label_ticks[1] - places.label_ticks[0]) / 2
        if len(places.label_ticks) > 1
        else 1e9
    )
    if widest(places.label_texts, places.font_size) <= room - _BETWEEN + 1:
        return places
    fits = room * math.sin(_SLANT) >= places.font_size * _LINE
    return Places(
        pitch=places.pitch,
        ticks=places.ticks,
        label_ticks=places.label_ticks,
        label_texts=places.label_texts,
        font_size=places.font_size,
        angle=_SLANT if fits else math.pi / 2,
    )


def _size(width: int | None, height: int | None, *, frame: tuple[float, float]) -> dict[str, Any]:
    size: dict[str, Any] = {"frame_width": round(frame[0])} if width is None else {"width": width}
    return size | ({"frame_height": round(frame[1])} if height is None else {"height": height})
