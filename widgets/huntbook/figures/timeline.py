"""The timeline: a lane a group, density cells where events are many, single marks where they are few."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.layouts import column
from bokeh.models import ColumnDataSource, CustomJSHover, HBar, HoverTool, Scatter

from huntbook.compute.labels import column_labels
from huntbook.compute.times import milliseconds
from huntbook.figures.density import CELL_HEIGHT, Density
from huntbook.figures.lanes import (
    LaneLook,
    Stage,
    add_tools,
    stage,
)
from huntbook.figures.overview import Overview, add_overview
from huntbook.figures.text import column_label
from huntbook.figures.theme import LIGHT, Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from bokeh.models import LayoutDOM

    from huntbook.compute.events import Events
    from huntbook.compute.profile import Profile
    from huntbook.compute.window import Marks, Window

# Of a tooltip's text, in characters.
_LONGEST = 200
_LANE_NAME = "return names[value - first]"
_COUNT_LINES = [("from", "@left{custom}"), ("to", "@right{custom}"), ("events", "@rows{custom}")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Events to draw, and how.

    Parameters
    ----------
    events
        The events in their lanes.
    name
        What they are called where there are several series.
    extents
        Whether a pale bar goes from the first start of each lane to its last end.
    size
        The diameter of a mark in pixels; None for the picture's.
    color
        A colour of the user's; None for the theme's.
    """

    events: Events
    name: str = ""
    extents: bool = False
    size: int | None = None
    color: str | None = None


@dataclass(slots=True, kw_only=True)
class Layers:
    """A series' sources and renderers: counts by lane and bin, single events, flagged and rare events.

    Parameters
    ----------
    series
        What is drawn.
    place
        Which of the series it is, from 0.
    first_lane
        The lane that the first lane of its events is drawn in.
    density
        The counts.
    sources
        For each layer.
    renderers
        For each layer; the last only where any event is flagged or rare.
    lane_names
        What turns lane numbers into names in the tooltips.
    bars
        The renderer of the pale bars, if there are any.
    """

    series: Series
    place: int
    first_lane: int
    density: Density
    sources: tuple[ColumnDataSource, ColumnDataSource, ColumnDataSource]
    renderers: tuple[Any, ...] = ()
    lane_names: CustomJSHover = field(default_factory=lambda: CustomJSHover(code=_LANE_NAME))
    bars: Any = None

    @property
    def rest_lane(self) -> int:
        """The lane of the events that all other groups share; -1 if there is none."""
        lanes = self.series.events.lanes
        return len(lanes) - 1 if lanes.rest else -1

    def show(self, window: Window) -> None:
        """Put the events of `window` into the layers; nothing stays selected."""
        lanes = len(self.series.events.lanes)
        self.density.show(window, lanes=lanes, first_lane=self.first_lane, rest_lane=self.rest_lane)
        for source, marks in zip(self.sources[1:], (window.singles, window.marked), strict=True):
            if source.selected.indices:
                source.selected.indices = []
            if len(marks) or len(source.data.get("lane", [None])):  # else empty as before
                source.data = _event_columns(marks, self.first_lane)

    def move(self, first_lane: int) -> None:
        """Start at another lane, with the names and bars of the lanes as they are arranged now."""
        self.first_lane = first_lane
        self.name_lanes()
        if self.bars is not None:
            self.bars.data_source.data = _extent_columns(self.series, first_lane)

    def name_lanes(self) -> None:
        """Let the tooltips name the lanes; names travel as arguments and are put in as text."""
        self.lane_names.args = {"names": self.series.events.lanes.labels, "first": self.first_lane}

    def color(self, theme: Theme) -> str:
        """Return the series' colour: the user's, else that of its place."""
        return self.series.color or theme.series[self.place % len(theme.series)]

    def restyle(self, theme: Theme) -> None:
        """Give the marks the colours of `theme`; a colour that the user chose stays."""
        accent = self.color(theme)
        self.density.restyle(theme, color=accent)
        for renderer, colour in zip(self.renderers[1:], (accent, theme.warning), strict=False):
            for glyph in (renderer.glyph, renderer.selection_glyph, renderer.nonselection_glyph):
                glyph.fill_color = colour
                if isinstance(glyph, HBar):
                    glyph.line_color = colour
        for marked in self.renderers[2:]:
            marked.glyph.line_color = marked.selection_glyph.line_color = theme.ground
        if self.bars is not None:
            self.bars.glyph.fill_color = accent


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineFigure:
    """The drawn timeline.

    Parameters
    ----------
    layout
        The lanes, and the overview below them.
    built
        The lanes.
    layers
        What is drawn in them, a series each.
    below
        The overview, if it is asked for.
    """

    layout: LayoutDOM
    built: Stage
    layers: list[Layers]
    below: Overview | None

    def arrange(self, windows: Sequence[Window], *, sentence: str) -> None:
        """Draw the lanes as their events are arranged now, with what is drawn of each series."""
        self.built.label(*_lane_words([layers.series for layers in self.layers]))
        self.built.say(sentence)
        self._align()
        lane = 0
        for layers, window in zip(self.layers, windows, strict=True):
            layers.move(lane)
            layers.show(window)
            lane += len(layers.series.events.lanes)

    def fit(self, cell: int) -> None:
        """Lay the picture out for a cell of so many pixels."""
        self.built.fit(cell)
        self._align()

    def _align(self) -> None:
        if self.below is not None:
            self.below.align(self.built.figure)

    def restyle(self, theme: Theme) -> None:
        """Give the picture the colours of `theme`."""
        self.built.restyle(theme)
        for layers in self.layers:
            layers.restyle(theme)
        if self.below is not None:
            self.below.restyle(theme, accent=self.layers[0].color(theme))


def draw_timeline(
    every: Sequence[Series], windows: Sequence[Window], look: LaneLook, *, sentence: str, profile: Profile
) -> TimelineFigure:
    """Draw events as a Bokeh layout in the light theme.

    Parameters
    ----------
    every, windows
        The series from the top, and what to draw of each.
    look
        The options.
    sentence
        What is shown, in words.
    profile
        All time at a glance, for the bar below.
    """
    start, end = (
        min(series.events.start for series in every),
        max(series.events.end for series in every),
    )
    built = stage(*_lane_words(every), span=padded(start, end), sentence=sentence, look=look)
    layers: list[Layers] = []
    lane = 0
    for place, (series, window) in enumerate(zip(every, windows, strict=True)):
        layers.append(_add_layers(built, series, window, place=place, first_lane=lane))
        lane += len(series.events.lanes)
    add_tools(built)
    layout: LayoutDOM = built.figure
    below = None
    if look.range_tool and end > start:
        below = add_overview(built.figure, profile, look=look)
        layout = column(built.figure, below.figure, sizing_mode="inherit" if look.width else "stretch_width")
    drawn = TimelineFigure(layout=layout, built=built, layers=layers, below=below)
    drawn.restyle(LIGHT)
    return drawn


def _lane_words(every: Sequence[Series]) -> tuple[list[str], list[str]]:
    """Return the lanes' names, and their totals as text."""
    return (
        [label for series in every for label in series.events.lanes.labels],
        [f"{total:,}" for series in every for total in series.events.lanes.totals],
    )


def _add_layers(built: Stage, series: Series, window: Window, *, place: int, first_lane: int) -> Layers:
    extents = _add_extents(built, series, first_lane) if series.extents else None
    density, singles, marked = Density(built.figure), ColumnDataSource(), ColumnDataSource()
    layers = Layers(
        series=series,
        place=place,
        first_lane=first_lane,
        density=density,
        sources=(density.cells, singles, marked),
        bars=extents,
    )
    layers.name_lanes()
    layers.show(window)
    size = series.size or built.look.size
    _add_hover(built, density.renderer, layers, _COUNT_LINES)
    layers.renderers = (
        density.renderer,
        _add_events(built, singles, layers, window.singles, marker="circle", size=size),
    )
    if series.events.flagged_total or series.events.rare_total:
        triangles = _add_events(built, marked, layers, window.marked, marker="inverted_triangle", size=10)
        layers.renderers += (triangles,)
    return layers


def padded(start: int, end: int) -> tuple[float, float]:
    """Return the axis' range in milliseconds: a little beyond the first and the last event."""
    beyond = max(500_000, (end - start) // 80)
    return float(milliseconds(start - beyond)), float(milliseconds(end + beyond))


def texts(details: pd.DataFrame) -> dict[str, list[str]]:
    """Return the tooltips' texts, by the browser's names for the columns."""
    return {
        f"detail{at}": [text[:_LONGEST] for text in column_labels(details.iloc[:, at])]
        for at in range(details.shape[1])
    }


def detail_lines(details: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the tooltips' lines for the columns of `details`."""
    return [(column_label(name), f"@detail{at}") for at, name in enumerate(details.columns)]


def _event_columns(marks: Marks, first_lane: int) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "time": milliseconds(marks.times),
        "lane": (marks.lanes + np.uint16(first_lane)).astype(np.uint16),
        **texts(marks.details),
    }
    if marks.ends is not None:
        columns["end"] = milliseconds(marks.ends)
    if marks.sizes is not None:
        columns["size"] = marks.sizes
    return columns


def _add_extents(built: Stage, series: Series, first_lane: int) -> Any:
    bar = HBar(y="lane", left="left", right="right", height=CELL_HEIGHT, fill_alpha=0.18, line_color=None)
    source = ColumnDataSource(_extent_columns(series, first_lane))
    return built.figure.add_glyph(source, bar, nonselection_glyph=None, selection_glyph=None)


def _extent_columns(series: Series, first_lane: int) -> dict[str, Any]:
    first, last = series.events.extents()
    lanes = np.arange(len(first)) + first_lane
    return {"lane": lanes, "left": milliseconds(first), "right": milliseconds(last)}


def _add_events(
    built: Stage, source: ColumnDataSource, layers: Layers, marks: Marks, *, marker: str, size: int
) -> Any:
    if marks.ends is not None and marker == "circle":
        place: dict[str, Any] = {"y": "lane", "left": "time", "right": "end", "height": 0.4}
        # The line keeps a span of no length visible.
        glyphs: list[Any] = [
            HBar(**place, fill_alpha=alpha, line_alpha=alpha, line_width=1.5) for alpha in (0.7, 1.0, 0.15)
        ]
    else:
        place = {"x": "time", "y": "lane", "marker": marker, "size": size if marks.sizes is None else "size"}
        alphas = (0.6 if marker == "circle" else 1.0, 1.0, 0.15)
        glyphs = [Scatter(**place, fill_alpha=alpha, line_color=None) for alpha in alphas]
    renderer = built.figure.add_glyph(
        source, glyphs[0], selection_glyph=glyphs[1], nonselection_glyph=glyphs[2]
    )
    lines = [("time", "@time{custom}")]
    if marks.ends is not None:
        lines.append(("end", "@end{custom}"))
    _add_hover(built, renderer, layers, lines + detail_lines(marks.details))
    return renderer


def _add_hover(built: Stage, renderer: Any, layers: Layers, lines: list[tuple[str, str]]) -> None:
    """Add a tooltip for a layer."""
    lanes = layers.series.events.lanes
    hover = HoverTool(
        renderers=[renderer],
        formatters={
            **dict.fromkeys(("@time", "@end", "@left", "@right"), built.time_text),
            "@rows": built.count_text,
            "@lane": layers.lane_names,
        },
        point_policy="follow_mouse",
        show_arrow=False,
        visible=False,
        limit=6,
    )
    head = lanes.column or ("series" if layers.series.name else "")
    named = [(column_label(head), "@lane{custom}")] if head else []
    built.tooltips.append((hover, named + lines))
