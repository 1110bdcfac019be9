"""The matrix: a circle for every pair of categories that occurs, sized by how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from bokeh.models import (
    BoxSelectTool,
    CDSView,
    ColumnDataSource,
    CustomJSHover,
    FixedTicker,
    HoverTool,
    IndexFilter,
    LassoSelectTool,
    LinearColorMapper,
    PanTool,
    Range1d,
    ResetTool,
    SaveTool,
    Scatter,
    TapTool,
    WheelZoomTool,
)
from bokeh.models.annotations import Title
from bokeh.plotting import figure as bokeh_figure
from bokeh.transform import transform

from huntbook.compute.sizes import diameters
from huntbook.figures.layout import Layout, Places, lay_out
from huntbook.figures.matrix_sentences import describe
from huntbook.figures.text import column_label, plain, tooltip, widest, wrapped
from huntbook.figures.theme import FONT, LIGHT, SECONDARY_SIZE, Theme, dress, require_color

if TYPE_CHECKING:
    from bokeh.models.renderers import GlyphRenderer
    from bokeh.plotting import figure as Figure  # noqa: N812 - Bokeh's class has a function's name

    from huntbook.compute.pairs import Pairs

# What a circle is: the index into the colour mappers' palettes.
_PAIR, _MARGIN, _NEGATIVE = 0, 1, 2
_MARGIN_PART = 0.65
_SMALLEST_FLAG = 5.0
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
    max_label_font_size: int = 11


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
    hover: HoverTool
    hover_lines: list[tuple[str, str]]
    fill: LinearColorMapper
    line: LinearColorMapper
    flagged: list[Scatter]
    color: str | None
    pairs: Pairs
    look: MatrixLook

    def fit(self, cell: int) -> None:
        """Lay places, labels and the sentence out for a cell of so many pixels."""
        layout = _lay_out(self.pairs, self.look, cell=cell)
        figure: Any = self.figure
        figure.update(min_border_right=round(layout.right), **layout.size)
        _label(figure.xaxis, layout.x)
        figure.xgrid.ticker = FixedTicker(ticks=layout.x.lines)
        self._resize(layout.largest_circle)
        width = min(layout.title_width, cell - layout.left)
        below = [item for item in figure.above if isinstance(item, Title)]
        place, size = (below[0], 11) if below else (figure.title, 13)
        place.text = plain(wrapped(self.sentence, width=width, size=size))

    def _resize(self, largest: float) -> None:
        """Draw circles of which the largest has this diameter."""
        data = _data(self.pairs, self.look, largest=largest)
        if not np.array_equal(data["size"], self.data["size"]):
            self.data["size"] = data["size"]
            self.source.data = _columns(self.pairs, data)

    def restyle(self, theme: Theme) -> None:
        """Give the picture the colours of `theme`; a colour that the user chose stays."""
        dress(self.figure, theme)
        for item in self.figure.above:
            if isinstance(item, Title):
                item.text_color = theme.muted
        self.hover.tooltips = tooltip(self.hover_lines, theme)
        accent = self.color or theme.accent
        self.fill.palette = [accent, theme.rest, _CLEAR]
        self.line.palette = [accent, theme.rest, accent]
        for glyph in self.flagged:
            # A rim of the ground parts red from blue for those who see them alike.
            glyph.update(fill_color=theme.warning, line_color=theme.ground)


def draw_matrix(pairs: Pairs, look: MatrixLook) -> MatrixFigure:
    """Draw counted pairs as a Bokeh figure in the light theme."""
    layout = _lay_out(pairs, look)
    data = _data(pairs, look, largest=layout.largest_circle)
    source = ColumnDataSource(_columns(pairs, data))
    fill = LinearColorMapper(palette=["black"] * 3, low=_PAIR, high=_NEGATIVE)
    line = LinearColorMapper(palette=["black"] * 3, low=_PAIR, high=_NEGATIVE)
    figure = _empty_figure(pairs, layout)
    circles = _add_circles(figure, source, fill, line)
    flagged = _add_flagged(figure, source)
    hover = _hover(pairs)
    _add_tools(figure, hover, circles)
    sentence = describe(pairs)
    _add_titles(figure, look.title, sentence, width=layout.title_width)
    drawn = MatrixFigure(
        figure=figure,
        source=source,
        data=data,
        sentence=sentence,
        hover=hover,
        hover_lines=_hover_lines(pairs),
        fill=fill,
        line=line,
        flagged=flagged,
        color=None if look.color is None else require_color(look.color),
        pairs=pairs,
        look=look,
    )
    drawn.restyle(LIGHT)
    return drawn


def _lay_out(pairs: Pairs, look: MatrixLook, *, cell: int | None = None) -> Layout:
    return lay_out(
        pairs.x.place_labels,
        pairs.y.place_labels,
        has_margin=(pairs.x.rest > 0, pairs.y.rest > 0),
        width=look.width,
        height=look.height,
        font_size=look.font_size,
        max_font_size=look.max_label_font_size,
        cell=cell,
    )


def _data(pairs: Pairs, look: MatrixLook, *, largest: float) -> pd.DataFrame:
    table = pairs.table
    values = table["value"].to_numpy()
    size = np.empty(len(table), dtype=np.float32)
    # The margin sums up many categories: on a scale of its own it does not make all others look small.
    for some, most in ((~pairs.in_margin, largest), (pairs.in_margin, largest * _MARGIN_PART)):
        size[some] = diameters(
            values[some], largest=most, log_size=look.log_size, invert=look.invert, intersect=look.intersect
        )
    return pd.DataFrame(
        {
            "x": _taken(pairs.x.place_values, table["x_place"]),
            "y": _taken(pairs.y.place_values, table["y_place"]),
            "rows": table["rows"].to_numpy(),
            "value": values,
            "size": size,
            **({"flagged": table["flagged"].to_numpy()} if "flagged" in table else {}),
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
        "x": _coordinates(table["x_place"].to_numpy(), len(pairs.x.shown)),
        "y": _coordinates(table["y_place"].to_numpy(), len(pairs.y.shown)),
        "size": data["size"].to_numpy(),
        "kind": kind.astype(np.uint8),
        "rows": _small(data["rows"].to_numpy()),
        "rank": _small(_ranks(table["value"].to_numpy(), margin)),
    }
    if "flagged" in data:
        columns["flagged"] = _small(data["flagged"].to_numpy())
        # The red is that part of the circle's area that its flagged rows are of its rows.
        part = np.sqrt(data["flagged"].to_numpy() / data["rows"].to_numpy())
        columns["flag_size"] = np.maximum(part * data["size"].to_numpy(), _SMALLEST_FLAG).astype(np.float32)
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
    # The name of a low axis is longer than the axis.
    over = widest([column_label(pairs.y.column)], 11) - y.pitch * y.steps
    figure = bokeh_figure(
        x_range=Range1d(start=x.span[0], end=x.span[1]),
        # Upside down: the first category is at the top.
        y_range=Range1d(start=y.span[1], end=y.span[0]),
        x_axis_location="above",
        toolbar_location="right",
        tools="",
        min_border_left=round(layout.left),
        min_border_right=round(layout.right),
        min_border_bottom=round(max(10, over / 2)),
        **layout.size,
    )
    figure.toolbar.update(autohide=True, logo=None)
    for axis, side, places in ((figure.xaxis, pairs.x, x), (figure.yaxis, pairs.y, y)):
        _label(axis, places)
        axis.major_label_standoff = 2
        axis.axis_label = plain(column_label(side.column))
        axis.axis_label_standoff = 8
    figure.xgrid.ticker = FixedTicker(ticks=x.lines)
    figure.ygrid.ticker = FixedTicker(ticks=y.lines)
    return figure


def _label(axis: Any, places: Places) -> None:
    """Write the labels of the places along an axis."""
    axis.update(
        ticker=FixedTicker(ticks=places.label_ticks),
        major_label_overrides=dict(zip(places.label_ticks, map(plain, places.label_texts), strict=True)),
        major_label_text_font_size=f"{places.font_size:g}px",
        major_label_orientation=places.angle,
    )


def _add_circles(
    figure: Figure, source: ColumnDataSource, fill: LinearColorMapper, line: LinearColorMapper
) -> GlyphRenderer[Scatter]:
    colours: dict[str, Any] = {"fill_color": transform("kind", fill), "line_color": transform("kind", line)}
    place: dict[str, Any] = {"x": "x", "y": "y", "size": "size"}
    return figure.add_glyph(
        source,
        Scatter(**place, **colours, fill_alpha=0.85, line_width=1.2, line_alpha=0.85),
        selection_glyph=Scatter(**place, **colours, fill_alpha=1.0, line_width=1.2, line_alpha=1.0),
        nonselection_glyph=Scatter(**place, **colours, fill_alpha=0.15, line_width=1.2, line_alpha=0.15),
        hover_glyph=Scatter(**place, **colours, fill_alpha=1.0, line_width=3, line_alpha=0.6),
    )


def _add_flagged(figure: Figure, source: ColumnDataSource) -> list[Scatter]:
    """Lay the flagged part of each pair over its circle; return the glyphs."""
    if "flagged" not in source.data:
        return []
    place: dict[str, Any] = {"x": "x", "y": "y", "size": "flag_size"}
    glyph, faded = Scatter(**place), Scatter(**place, fill_alpha=0.35, line_alpha=0.35)
    only = CDSView(filter=IndexFilter(indices=np.flatnonzero(source.data["flagged"]).tolist()))
    figure.add_glyph(
        source, glyph, selection_glyph=glyph, nonselection_glyph=faded, hover_glyph=glyph, view=only
    )
    return [glyph, faded]


def _add_tools(figure: Figure, hover: HoverTool, circles: GlyphRenderer[Scatter]) -> None:
    hover.renderers = [circles]
    box = BoxSelectTool(persistent=False)
    # A wheel alone goes on scrolling the notebook.
    wheel = WheelZoomTool(modifiers={"ctrl": True})
    figure.add_tools(
        box,
        LassoSelectTool(),
        TapTool(renderers=[circles]),
        PanTool(),
        wheel,
        ResetTool(),
        SaveTool(),
        hover,
    )
    figure.toolbar.active_drag = box
    figure.toolbar.active_scroll = wheel


def _hover_lines(pairs: Pairs) -> list[tuple[str, str]]:
    """Return what the tooltip says: a name and a place for the value each."""
    lines = [(column_label(pairs.x.column), "@x{custom}"), (column_label(pairs.y.column), "@y{custom}")]
    lines.append(("rows", "@rows{custom}"))
    if "flagged" in pairs.table:
        lines.append(("flagged", "@flagged{custom}"))
    if pairs.measure == "rows":
        return [*lines, ("rank, rarest first", "@rank{custom}")]
    return [
        *lines,
        (column_label(pairs.measure), "@value{custom}"),
        ("rank, smallest first", "@rank{custom}"),
    ]


def _hover(pairs: Pairs) -> HoverTool:
    """Build the tooltip; the names travel once an axis and are put in as text."""
    grouped = CustomJSHover(code=_GROUPED)
    inside = int((~pairs.in_margin).sum())
    return HoverTool(
        formatters={
            "@x": CustomJSHover(args={"names": pairs.x.place_labels}, code=_NAME_OF_PLACE),
            "@y": CustomJSHover(args={"names": pairs.y.place_labels}, code=_NAME_OF_PLACE),
            "@rows": grouped,
            "@flagged": grouped,
            "@value": grouped,
            "@rank": CustomJSHover(args={"pairs": inside}, code=_RANK),
        },
        show_arrow=False,
        point_policy="follow_mouse",
    )


def _add_titles(figure: Figure, title: str | None, sentence: str, *, width: float) -> None:
    """Set the user's title, if there is one, above the sentence; else the sentence alone."""
    figure.title = Title(text=plain(wrapped(sentence, width=width, size=13) if title is None else str(title)))
    if title is not None:
        below = Title(
            text=plain(wrapped(sentence, width=width, size=11)),
            text_font=FONT,
            text_font_size=SECONDARY_SIZE,
            text_font_style="normal",
            standoff=4,
        )
        figure.add_layout(below, "above")
