"""The matrix: a circle for every pair of categories that occurs, sized by how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from bokeh.models import (
    BoxSelectTool,
    ColumnDataSource,
    CustomJSHover,
    FixedTicker,
    HoverTool,
    LassoSelectTool,
    LinearColorMapper,
    PanTool,
    Range1d,
    ResetTool,
    SaveTool,
    Scatter,
    TapTool,
    Title,
    WheelZoomTool,
)
from bokeh.plotting import figure as bokeh_figure
from bokeh.transform import transform

from huntbook.compute.labels import category_labels, shorten
from huntbook.compute.sizes import diameters
from huntbook.figures.layout import Layout, lay_out
from huntbook.figures.text import entities, plain, wrapped
from huntbook.figures.theme import FONT, LIGHT, SECONDARY_SIZE, Theme, dress

if TYPE_CHECKING:
    from bokeh.plotting import figure as Figure  # noqa: N812 - Bokeh's class has a function's name

    from huntbook.compute.pairs import Pairs

# What a circle is: the index into the colour mappers' palettes.
_PAIR, _MARGIN, _NEGATIVE = 0, 1, 2
_CLEAR = "rgba(0, 0, 0, 0)"
_NAME_OF_PLACE = "return names[Math.floor(value / 2)]"
_GROUPED = "return Number(value).toLocaleString('en-US', {maximumFractionDigits: 2})"
_RANK = "return value > 0 ? `${value.toLocaleString('en-US')} of ${pairs.toLocaleString('en-US')}` : 'margin'"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixLook:
    """How a matrix is drawn; `huntbook.plot.matrix` documents each option."""

    title: str | None = None
    log_size: bool = False
    invert: bool = False
    intersect: bool = False
    color: str | None = None
    height: int | None = None
    width: int | None = None
    font_size: int | None = None
    max_label_font_size: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixFigure:
    """The drawn matrix.

    Parameters
    ----------
    figure
        The Bokeh figure.
    source
        One row a circle, in the order of `data`.
    data
        The drawn pairs: ``x``, ``y``, ``rows``, ``value``, ``size`` (pixels).
    sentence
        What is drawn, and what is not, in words.
    """

    figure: Figure
    source: ColumnDataSource
    data: pd.DataFrame
    sentence: str
    fill: LinearColorMapper
    line: LinearColorMapper
    color: str | None

    def restyle(self, theme: Theme) -> None:
        """Give the picture the colours of `theme`; a colour that the user chose stays."""
        dress(self.figure, theme)
        for subtitle in self.figure.select(Title):
            if subtitle is not self.figure.title:
                subtitle.text_color = theme.muted
        accent = self.color or theme.accent
        self.fill.palette = [accent, theme.rest, _CLEAR]
        self.line.palette = [accent, theme.rest, accent]


def draw_matrix(pairs: Pairs, look: MatrixLook) -> MatrixFigure:
    """Draw counted pairs as a Bokeh figure in the light theme."""
    layout = lay_out(
        pairs.x.place_labels,
        pairs.y.place_labels,
        has_margin=(pairs.x.rest > 0, pairs.y.rest > 0),
        width=look.width,
        height=look.height,
        font_size=look.font_size,
        max_font_size=look.max_label_font_size,
    )
    data = _data(pairs, look, largest=layout.largest_circle)
    source = ColumnDataSource(_columns(pairs, data))
    fill = LinearColorMapper(palette=["black"] * 3, low=_PAIR, high=_NEGATIVE)
    line = LinearColorMapper(palette=["black"] * 3, low=_PAIR, high=_NEGATIVE)
    figure = _empty_figure(pairs, layout)
    _add_circles(figure, source, fill, line)
    _add_tools(figure, pairs, source)
    sentence = describe(pairs)
    _add_titles(figure, look.title, sentence, width=layout.title_width)
    drawn = MatrixFigure(
        figure=figure, source=source, data=data, sentence=sentence, fill=fill, line=line, color=look.color
    )
    drawn.restyle(LIGHT)
    return drawn


def describe(pairs: Pairs) -> str:
    """Say what the matrix shows and what it does not, with exact totals."""
    parts = [f"{_measured(pairs)}: {_side(pairs.x)} by {_side(pairs.y)}"]
    inside = int(pairs.table["rows"][~pairs.in_margin].sum())
    if inside < pairs.rows:
        share = (pairs.rows - inside) / pairs.rows
        parts.append(f"the rest, {_percent(share)} of the rows, is in the grey margin")
    if pairs.skipped:
        parts.append(f"{pairs.skipped:,} rows hold no finite number and add nothing")
    if (pairs.table["value"] < 0).any():
        parts.append("hollow circles are sums below zero")
    return "; ".join(parts)


def _measured(pairs: Pairs) -> str:
    rows = f"{pairs.rows:,} {'row' if pairs.rows == 1 else 'rows'}"
    if pairs.measure == "rows":
        return rows
    return f"{column_label(pairs.measure[:1].upper() + pairs.measure[1:])} in {rows}"


def _side(axis: Any) -> str:
    shown = f"{len(axis.values):,} of {axis.distinct:,}" if axis.rest else f"{axis.distinct:,}"
    return f"{shown} {column_label(axis.column)}"


def _percent(share: float) -> str:
    if share < 0.01:  # noqa: PLR2004 - one per cent
        return "under 1 %"
    return "over 99 %" if share > 0.99 else f"{share:.0%}".replace("%", " %")  # noqa: PLR2004


def column_label(name: object) -> str:
    """Return a column's name as one short line of visible characters."""
    return shorten(category_labels([str(name)])[0], 40)


def _data(pairs: Pairs, look: MatrixLook, *, largest: float) -> pd.DataFrame:
    table = pairs.table
    size = diameters(
        table["value"].to_numpy(),
        scaled_by=~pairs.in_margin,
        largest=largest,
        log_size=look.log_size,
        invert=look.invert,
        intersect=look.intersect,
    )
    return pd.DataFrame(
        {
            "x": _taken(pairs.x.place_values, table["x_place"]),
            "y": _taken(pairs.y.place_values, table["y_place"]),
            "rows": table["rows"].to_numpy(),
            "value": table["value"].to_numpy(),
            "size": size,
        }
    )


def _taken(values: list[Any], places: pd.Series[int]) -> pd.Series[Any]:
    return pd.Series(values, dtype=object).take(places.to_numpy()).infer_objects().reset_index(drop=True)


def _columns(pairs: Pairs, data: pd.DataFrame) -> dict[str, Any]:
    """Return the browser's columns in the smallest types that hold them."""
    table = pairs.table
    margin = pairs.in_margin
    kind = np.where(margin, _MARGIN, np.where(table["value"] < 0, _NEGATIVE, _PAIR))
    columns = {
        "x": _coordinates(table["x_place"].to_numpy(), len(pairs.x.values)),
        "y": _coordinates(table["y_place"].to_numpy(), len(pairs.y.values)),
        "size": data["size"].to_numpy(),
        "kind": kind.astype(np.uint8),
        "rows": _small(data["rows"].to_numpy()),
        "rank": _small(_ranks(table["value"].to_numpy(), margin)),
    }
    if pairs.measure != "rows":
        columns["value"] = _small(data["value"].to_numpy())
    return columns


def _coordinates(places: np.ndarray[Any, Any], shown: int) -> np.ndarray[Any, Any]:
    """Return places in half steps; the margin is set off by half a step."""
    return (2 * places + (places >= shown)).astype(np.uint16)


def _ranks(values: np.ndarray[Any, Any], margin: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return each pair's rank from the smallest value, ties alike; 0 in the margin."""
    ranks = np.zeros(len(values), dtype=np.uint32)
    ranks[~margin] = pd.Series(values[~margin]).rank(method="min").to_numpy()
    return ranks


def _small(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if (
        values.dtype.kind == "f"
        or values.min(initial=0) < 0
        or values.max(initial=0) > np.iinfo(np.uint32).max
    ):
        return values.astype(np.float64)
    return values.astype(np.uint16 if values.max(initial=0) <= np.iinfo(np.uint16).max else np.uint32)


def _empty_figure(pairs: Pairs, layout: Layout) -> Figure:
    x, y = layout.x, layout.y
    figure = bokeh_figure(
        x_range=Range1d(*x.span),
        y_range=Range1d(*reversed(y.span)),
        x_axis_location="above",
        toolbar_location="right",
        tools="",
        min_border_left=round(layout.left),
        min_border_right=round(layout.right),
        min_border_bottom=10,
        **layout.size,
    )
    figure.toolbar.update(autohide=True, logo=None)
    for axis, side, places in ((figure.xaxis, pairs.x, x), (figure.yaxis, pairs.y, y)):
        axis.ticker = FixedTicker(ticks=places.label_ticks)
        axis.major_label_overrides = dict(
            zip(places.label_ticks, map(plain, places.label_texts), strict=True)
        )
        axis.major_label_text_font_size = f"{places.font_size:g}px"
        axis.major_label_standoff = 2
        axis.axis_label = plain(column_label(side.column))
        axis.axis_label_standoff = 8
    figure.xaxis.major_label_orientation = x.angle
    figure.xgrid.ticker = FixedTicker(ticks=x.ticks)
    figure.ygrid.ticker = FixedTicker(ticks=y.ticks)
    return figure


def _add_circles(
    figure: Figure, source: ColumnDataSource, fill: LinearColorMapper, line: LinearColorMapper
) -> None:
    colours = {"fill_color": transform("kind", fill), "line_color": transform("kind", line)}
    place = {"x": "x", "y": "y", "size": "size"}
    figure.add_glyph(
        source,
        Scatter(**place, **colours, fill_alpha=0.85, line_width=1.2, line_alpha=0.85),
        selection_glyph=Scatter(**place, **colours, fill_alpha=1.0, line_width=1.2, line_alpha=1.0),
        nonselection_glyph=Scatter(**place, **colours, fill_alpha=0.15, line_width=1.2, line_alpha=0.15),
        hover_glyph=Scatter(**place, **colours, fill_alpha=1.0, line_width=3, line_alpha=0.6),
    )


def _add_tools(figure: Figure, pairs: Pairs, source: ColumnDataSource) -> None:
    box = BoxSelectTool(persistent=False)
    wheel = WheelZoomTool(modifiers={"ctrl": True})
    figure.add_tools(
        box, LassoSelectTool(), TapTool(), PanTool(), wheel, ResetTool(), SaveTool(), _hover(pairs, source)
    )
    figure.toolbar.active_drag = box
    figure.toolbar.active_scroll = wheel


def _hover(pairs: Pairs, source: ColumnDataSource) -> HoverTool:
    """Build the tooltip; the names travel once an axis and are put in as text."""
    inside = int((~pairs.in_margin).sum())
    lines = [(column_label(pairs.x.column), "@x{custom}"), (column_label(pairs.y.column), "@y{custom}")]
    lines.append(("rows", "@rows{custom}"))
    if "value" in source.data:
        lines.append((column_label(pairs.measure), "@value{custom}"))
    lines.append(
        ("rank, rarest first" if pairs.measure == "rows" else "rank, smallest first", "@rank{custom}")
    )
    grouped = CustomJSHover(code=_GROUPED)
    return HoverTool(
        tooltips=_tooltip(lines),
        formatters={
            "@x": CustomJSHover(args={"names": pairs.x.place_labels}, code=_NAME_OF_PLACE),
            "@y": CustomJSHover(args={"names": pairs.y.place_labels}, code=_NAME_OF_PLACE),
            "@rows": grouped,
            "@value": grouped,
            "@rank": CustomJSHover(args={"pairs": inside}, code=_RANK),
        },
        show_arrow=False,
        point_policy="follow_mouse",
    )


def _tooltip(lines: list[tuple[str, str]]) -> str:
    rows = "".join(
        f'<tr><td style="color:#656d76;padding-right:10px;white-space:nowrap">{entities(name)}</td>'
        f'<td style="max-width:420px;overflow-wrap:anywhere">{value}</td></tr>'
        for name, value in lines
    )
    return f'<table style="font:12px {FONT};color:#1f2328;border-spacing:0">{rows}</table>'


def _add_titles(figure: Figure, title: str | None, sentence: str, *, width: float) -> None:
    """Set the user's title, if there is one, above the sentence; else the sentence alone."""
    if title is None:
        figure.title.text = plain(wrapped(sentence, width=width, size=13))
        return
    figure.title.text = plain(title)
    below = Title(
        text=plain(wrapped(sentence, width=width, size=11)),
        text_font=FONT,
        text_font_size=SECONDARY_SIZE,
        text_font_style="normal",
        standoff=4,
    )
    figure.add_layout(below, "above")
