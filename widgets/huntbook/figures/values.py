"""Numbers over time: bars, lines and points, a colour a group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.layouts import column
from bokeh.models import (
    ColumnDataSource,
    CustomJSHover,
    HoverTool,
    LinearColorMapper,
    MultiLine,
    NumeralTickFormatter,
    Range1d,
    Scatter,
    Segment,
)
from bokeh.models.annotations import Legend, LegendItem
from bokeh.plotting import figure as bokeh_figure
from bokeh.transform import transform

from huntbook.compute.events import BUDGET
from huntbook.compute.labels import shorten
from huntbook.compute.times import milliseconds, stretch
from huntbook.figures.lanes import (
    LaneLook,
    Stage,
    add_references,
    add_titles,
    add_tools,
    figure_size,
    longest_label,
    time_axis,
)
from huntbook.figures.overview import Overview, add_overview
from huntbook.figures.sentences import describe_marked, shown_groups
from huntbook.figures.text import column_label, plain, widest
from huntbook.figures.theme import FONT, LIGHT, SECONDARY_SIZE, Theme
from huntbook.figures.timeline import detail_lines, padded, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from bokeh.models import LayoutDOM
    from bokeh.plotting import figure as Figure  # noqa: N812 - Bokeh's class has a function's name

    from huntbook.compute.profile import Profile
    from huntbook.compute.values import NumberSource
    from huntbook.compute.window import Marks

KINDS = ("vbar", "circle", "line", "scatter")
_HEIGHT = 320
# One more than the most groups that a picture takes.
_MOST_NAMED = 201
_NUMBER = "return Number(value).toLocaleString('en-US', {maximumFractionDigits: 4})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesFigure:
    """The drawn numbers.

    Parameters
    ----------
    layout
        The picture, and the overview below it.
    built
        The picture.
    points, lines, marked
        The sources: a row a number, a row a group's line, and the flagged numbers.
    colours
        The mapper from a group's number to its colour.
    """

    values: NumberSource
    layout: LayoutDOM
    built: Stage
    points: ColumnDataSource
    lines: ColumnDataSource
    marked: ColumnDataSource
    colours: LinearColorMapper
    triangles: Any
    legend: Legend | None
    below: Overview | None
    lane_names: list[CustomJSHover]
    color: str | None

    def show(self, shown: Marks, marked: Marks) -> None:
        """Draw the given rows, and the flagged ones among them; nothing stays selected."""
        self.points.selected.indices = []
        self.marked.selected.indices = []
        self.marked.data = _point_columns(marked)
        self.points.data = _point_columns(shown)
        self.lines.data = _line_columns(self.values, shown)

    def arrange(self, shown: Marks, marked: Marks, *, sentence: str) -> None:
        """Draw the groups as they are arranged now; their colours come with the next `restyle`."""
        labels = self.values.events.lanes.labels
        self.built.say(sentence)
        self.colours.high = len(labels) - 0.5
        for names in self.lane_names:
            names.args = {"names": labels}
        self._name_groups()
        self.show(shown, marked)

    def fit(self, cell: int) -> None:
        """Lay the picture out for a cell of so many pixels."""
        self.built.cell = cell
        left, right = _borders(self.values, self.built.look, cell)
        self.built.figure.update(min_border_left=left, min_border_right=right)
        self._name_groups()
        self.built.say(self.built.sentence)
        if self.below is not None:
            self.below.align(self.built.figure)

    def _name_groups(self) -> None:
        if self.legend is not None and self.legend.items:
            first: Any = self.legend.items[0]
            labels = self.values.events.lanes.labels
            self.legend.items = _legend_items(first.renderers[0], labels, self.built.cell)

    def restyle(self, theme: Theme) -> None:
        """Give the picture the colours of `theme`; a colour that the user chose stays."""
        self.built.restyle(theme)
        lanes = self.values.events.lanes
        colours = [theme.series[at % len(theme.series)] for at in range(len(lanes))]
        if lanes.rest:
            colours[-1] = theme.rest
        accent = self.color or theme.accent
        self.colours.palette = [accent] * len(lanes) if self.color else colours
        for glyph in (self.triangles.glyph, self.triangles.selection_glyph):
            glyph.update(fill_color=theme.warning, line_color=theme.ground)
        if self.legend is not None:
            self.legend.update(label_text_color=theme.text, background_fill_color=theme.ground)
        if self.below is not None:
            self.below.restyle(theme, accent=accent)


def draw_values(
    values: NumberSource,
    shown: Marks,
    flagged: Marks,
    look: LaneLook,
    *,
    profile: Profile,
    kinds: Sequence[str],
    sentence: str,
    color: str | None,
) -> ValuesFigure:
    """Draw numbers over time as a Bokeh layout in the light theme.

    Parameters
    ----------
    values, shown, flagged
        The numbers, the rows to draw of them, and those to mark.
    look
        The options.
    profile
        All time at a glance, for the bar below.
    kinds
        Of `KINDS`: bars from zero, points, lines, small points.
    sentence
        What is shown, in words.
    color
        A colour of the user's for all groups; None for one a group.
    """
    built = Stage(figure=_empty(values, look, kinds), look=look)
    built.say(sentence)
    lanes = values.events.lanes
    colours = LinearColorMapper(palette=["black"] * len(lanes), low=-0.5, high=len(lanes) - 0.5)
    points = ColumnDataSource(_point_columns(shown))
    lines = ColumnDataSource(_line_columns(values, shown))
    marked = ColumnDataSource(_point_columns(flagged))
    found = _add_kinds(built, points, lines, kinds, transform("lane", colours), size=look.size)
    triangles = _add_triangles(built, marked)
    lane_names = [_add_hover(built, each, values, shown.details) for each in (found, triangles)]
    add_tools(built)
    if look.references:
        y_range: Any = built.figure.y_range
        built.reference_line, built.reference_text = add_references(
            built.figure, look.references, y=y_range.end
        )
        built.reference_text.text_baseline = "top"
    drawn = ValuesFigure(
        values=values,
        **_surroundings(built.figure, values, _from_zero(profile) if "vbar" in kinds else profile, look),
        built=built,
        points=points,
        lines=lines,
        marked=marked,
        colours=colours,
        triangles=triangles,
        legend=_legend(built.figure, values, colours, look) if len(lanes) > 1 else None,
        color=color,
        lane_names=lane_names,
    )
    drawn.restyle(LIGHT)
    return drawn


def describe_values(values: NumberSource) -> str:
    """Say what is shown, with exact totals."""
    events = values.events
    words = f"{len(events):,} {'value' if len(events) == 1 else 'values'} of {column_label(values.column)}"
    parts = [f"{words}{shown_groups(events.lanes)}, {stretch(events.start, events.end)}"]
    if len(events) > BUDGET:
        parts.append("of each moment the lowest and the highest are drawn")
    parts += describe_marked([events], what="value")
    if values.skipped:
        parts.append(f"{values.skipped:,} rows have no time or no finite number and are not drawn")
    return "; ".join(parts)


def _empty(values: NumberSource, look: LaneLook, kinds: Sequence[str]) -> Figure:
    lowest, highest = values.extremes
    if "vbar" in kinds:
        lowest, highest = min(0.0, lowest), max(0.0, highest)
    room = (highest - lowest or abs(highest) or 1.0) * 0.06
    span = padded(values.events.start, values.events.end)
    left, right = _borders(values, look, None)
    figure = bokeh_figure(
        x_range=Range1d(start=span[0], end=span[1]),
        y_range=Range1d(
            start=lowest - (room if lowest else 0.0), end=highest + (3 if look.references else 1) * room
        ),
        x_axis_type="datetime",
        toolbar_location="right",
        tools="",
        lod_threshold=None,
        lod_interval=0,
        min_border_left=left,
        min_border_right=right,
        **figure_size(look, _HEIGHT),
    )
    figure.toolbar.update(autohide=True, logo=None)
    add_titles(figure, look.title)
    time_axis(figure, look)
    axis = figure.yaxis[0]
    axis.formatter = NumeralTickFormatter(format="0,0.[0000]")
    axis.axis_label = plain(column_label(values.column))
    axis.visible = look.yaxis
    figure.ygrid.visible = look.ygrid
    return figure


def _borders(values: NumberSource, look: LaneLook, cell: int | None) -> tuple[int, int]:
    """Return room for the axis and a legend, so that the bar below begins and ends where the picture does."""
    labels = values.events.lanes.labels
    legend = widest(_short(labels, cell), 11) + 50 if len(labels) > 1 else 0
    numbers = widest([f"{number:,.0f}" for number in values.extremes], 12) + 44 if look.yaxis else 0
    left = max(64, numbers + (legend if look.legend == "left" else 0))
    return round(left), round(24 + (legend if look.legend == "right" else 0))


def _add_kinds(
    built: Stage,
    points: ColumnDataSource,
    lines: ColumnDataSource,
    kinds: Sequence[str],
    colour: Any,
    *,
    size: int,
) -> Any:
    """Add a renderer a kind, points last so that they lie on top; return the one that the mouse finds."""
    figure = built.figure
    found: Any = None
    if "vbar" in kinds:
        place: dict[str, Any] = {"x0": "time", "x1": "time", "y0": 0, "y1": "value", "line_color": colour}
        bars = [Segment(**place, line_width=2.5, line_alpha=alpha) for alpha in (0.85, 1.0, 0.15)]
        found = figure.add_glyph(points, bars[0], selection_glyph=bars[1], nonselection_glyph=bars[2])
    if "line" in kinds:
        line = MultiLine(xs="xs", ys="ys", line_color=colour, line_width=1.5)
        figure.add_glyph(lines, line, nonselection_glyph=None, selection_glyph=None)
    for kind, diameter in (("circle", size), ("scatter", max(3, size // 2))):
        # With a line alone there are points too, unseen until they are selected: a line can't be.
        unseen = kind == "scatter" and kinds == ("line",)
        if kind in kinds or unseen:
            dot: dict[str, Any] = {
                "x": "time",
                "y": "value",
                "size": diameter,
                "fill_color": colour,
                "line_color": None,
            }
            alphas = (0.0 if unseen else 0.75, 1.0, 0.0 if unseen else 0.15)
            dots = [Scatter(**dot, fill_alpha=alpha) for alpha in alphas]
            found = figure.add_glyph(points, dots[0], selection_glyph=dots[1], nonselection_glyph=dots[2])
    return found


def _add_triangles(built: Stage, marked: ColumnDataSource) -> Any:
    place: dict[str, Any] = {"x": "time", "y": "value", "marker": "inverted_triangle", "size": 10}
    return built.figure.add_glyph(
        marked,
        Scatter(**place),
        selection_glyph=Scatter(**place),
        nonselection_glyph=Scatter(**place, fill_alpha=0.2),
    )


def _add_hover(built: Stage, renderer: Any, values: NumberSource, details: pd.DataFrame) -> CustomJSHover:
    """Add a tooltip, and return what names the groups in it."""
    lanes = values.events.lanes
    names = CustomJSHover(args={"names": lanes.labels}, code="return names[value]")
    hover = HoverTool(
        renderers=[renderer],
        formatters={
            "@time": built.time_text,
            "@value": CustomJSHover(code=_NUMBER),
            "@lane": names,
        },
        point_policy="follow_mouse",
        show_arrow=False,
        visible=False,
        limit=6,
    )
    name = [(column_label(lanes.column), "@lane{custom}")] if lanes.column else []
    lines = [*name, ("time", "@time{custom}"), (column_label(values.column), "@value{custom}")]
    built.tooltips.append((hover, lines + detail_lines(details)))
    return names


def _legend(
    figure: Figure, values: NumberSource, colours: LinearColorMapper, look: LaneLook
) -> Legend | None:
    """Build a legend of one renderer, whatever the number of groups."""
    if look.legend == "none":
        return None
    labels = values.events.lanes.labels
    source = ColumnDataSource({"x": [float("nan")] * _MOST_NAMED, "lane": list(range(_MOST_NAMED))})
    dots = Scatter(x="x", y="x", size=8, fill_color=transform("lane", colours), line_color=None)
    renderer: Any = figure.add_glyph(source, dots, nonselection_glyph=None, selection_glyph=None)
    legend = Legend(
        items=_legend_items(renderer, labels, None),
        label_text_font=FONT,
        label_text_font_size=SECONDARY_SIZE,
        border_line_color=None,
    )
    legend.update(glyph_height=14, glyph_width=14, spacing=2, padding=4, background_fill_alpha=0.8)
    if look.legend == "inline":
        legend.location = "top_left"
        figure.add_layout(legend)
    else:
        figure.add_layout(legend, "right" if look.legend == "right" else "left")
    return legend


def _short(labels: list[str], cell: int | None) -> list[str]:
    return [shorten(label, longest_label(cell, 11)) for label in labels]


def _legend_items(dots: Any, labels: list[str], cell: int | None) -> list[LegendItem]:
    return [
        LegendItem(label={"value": label}, renderers=[dots], index=at)
        for at, label in enumerate(_short(labels, cell))
    ]


def _surroundings(figure: Figure, values: NumberSource, profile: Profile, look: LaneLook) -> dict[str, Any]:
    """Return the layout, with the overview if it is asked for."""
    events = values.events
    if not look.range_tool or events.end == events.start:
        return {"layout": figure, "below": None}
    below = add_overview(figure, profile, look=look)
    layout = column(figure, below.figure, sizing_mode="inherit" if look.width else "stretch_width")
    return {"layout": layout, "below": below}


def _from_zero(profile: Profile) -> Profile:
    """Let the bars below begin where those above do: few numbers have no height of their own."""
    return replace(profile, low=np.minimum(profile.low, 0.0), high=np.maximum(profile.high, 0.0))


def _point_columns(marks: Marks) -> dict[str, Any]:
    return {
        "time": milliseconds(marks.times),
        "value": marks.numbers,
        "lane": marks.lanes.astype(np.uint16),
        **texts(marks.details),
    }


def _line_columns(values: NumberSource, marks: Marks) -> dict[str, Any]:
    """Return a line a group, in order of time; the first group's is drawn last, on top."""
    ordered = np.argsort(marks.times, kind="stable")
    lanes = marks.lanes[ordered]
    from_below = range(len(values.events.lanes))[::-1]
    groups = [ordered[lanes == lane] for lane in from_below]
    return {
        "xs": [milliseconds(marks.times[group]) for group in groups],
        "ys": [np.asarray(marks.numbers)[group] for group in groups],
        "lane": np.array(from_below, dtype=np.uint16),
    }
