"""The timeline: a lane a group, density cells where events are many, single marks where they are few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.layouts import column
from bokeh.models import ColumnDataSource, CustomJSHover, HBar, HoverTool, Scatter

from huntbook.compute.events import BUDGET
from huntbook.compute.labels import column_labels
from huntbook.compute.times import milliseconds, stamp
from huntbook.figures.lanes import (
    TIME_TEXT,
    LaneLook,
    Stage,
    add_overview,
    add_tools,
    restyle_overview,
    stage,
)
from huntbook.figures.text import column_label
from huntbook.figures.theme import LIGHT, Theme

if TYPE_CHECKING:
    import pandas as pd
    from bokeh.models import LayoutDOM, RangeTool
    from bokeh.plotting import figure as Figure  # noqa: N812 - Bokeh's class has a function's name
    from numpy.typing import NDArray

    from huntbook.compute.events import Events, Marks, Window

_CELL_HEIGHT = 0.64
_FAINTEST = 0.16
# Of a tooltip's text, in characters.
_LONGEST = 200
_OVERVIEW_BINS = 400
_GROUPED = "return Number(value).toLocaleString('en-US')"
_LANE_NAME = "return names[value - first]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Events to draw, and how.

    Parameters
    ----------
    events
        The events in their lanes.
    extents
        First and last time of each lane in microseconds, drawn as a pale bar; None for no bars.
    first_lane
        The lane that the first of `events.lanes` is drawn in.
    color
        A colour of the user's; None for the theme's accent.
    """

    events: Events
    extents: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None
    first_lane: int = 0
    color: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """A series' sources and renderers: counts by lane and bin, single events, flagged and rare events."""

    series: Series
    sources: tuple[ColumnDataSource, ColumnDataSource, ColumnDataSource]
    renderers: tuple[Any, Any, Any]
    bars: Any

    def show(self, window: Window) -> None:
        """Put the events of `window` into the layers; nothing stays selected."""
        for source, columns in zip(self.sources, _all_columns(self.series, window), strict=True):
            source.selected.indices = []
            source.data = columns

    def restyle(self, theme: Theme) -> None:
        """Give the marks the colours of `theme`; a colour that the user chose stays."""
        accent = self.series.color or theme.accent
        cells, singles, marked = self.renderers
        for renderer, colour in ((cells, accent), (singles, accent), (marked, theme.warning)):
            for glyph in (renderer.glyph, renderer.selection_glyph, renderer.nonselection_glyph):
                glyph.fill_color = colour
                if isinstance(glyph, HBar) and renderer is not cells:
                    glyph.line_color = colour
        if isinstance(marked.glyph, Scatter):
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
    main, overlay
        What is drawn in them.
    """

    layout: LayoutDOM
    built: Stage
    main: Layers
    overlay: Layers | None
    below: tuple[Figure, RangeTool] | None

    def restyle(self, theme: Theme) -> None:
        """Give the picture the colours of `theme`."""
        self.built.restyle(theme)
        self.main.restyle(theme)
        if self.overlay is not None:
            self.overlay.restyle(theme)
        if self.below is not None:
            restyle_overview(*self.below, theme=theme, accent=self.main.series.color or theme.accent)


def draw_timeline(
    main: Series, window: Window, look: LaneLook, *, sentence: str, overlay: Series | None = None
) -> TimelineFigure:
    """Draw events as a Bokeh layout in the light theme.

    Parameters
    ----------
    main, window
        The events, and what to draw of them.
    look
        The options.
    sentence
        What is shown, in words.
    overlay
        Further events, in lanes of their own below.
    """
    events = main.events
    every = [main] if overlay is None else [main, overlay]
    built = stage(
        [label for series in every for label in series.events.lanes.labels],
        [f"{total:,}" for series in every for total in series.events.lanes.totals],
        span=padded(min(series.events.start for series in every), max(series.events.end for series in every)),
        sentence=sentence,
        look=look,
    )
    layers = _add_layers(built, main, window, look)
    over = None if overlay is None else _add_layers(built, overlay, overlay.events.window(), look)
    add_tools(built)
    layout: LayoutDOM = built.figure
    below = None
    if look.range_tool and events.end > events.start:
        starts, counts = events.overview(_OVERVIEW_BINS)
        below = add_overview(built.figure, milliseconds(starts), counts, look=look)
        layout = column(built.figure, below[0], sizing_mode="inherit" if look.width else "stretch_width")
    drawn = TimelineFigure(layout=layout, built=built, main=layers, overlay=over, below=below)
    drawn.restyle(LIGHT)
    return drawn


def _add_layers(built: Stage, series: Series, window: Window, look: LaneLook) -> Layers:
    cells, singles, marked = (ColumnDataSource(columns) for columns in _all_columns(series, window))
    bars = None if series.extents is None else _add_extents(built, series)
    return Layers(
        series=series,
        sources=(cells, singles, marked),
        renderers=(
            _add_cells(built, cells, series),
            _add_events(built, singles, series, window.singles, marker="circle", size=look.size),
            _add_events(built, marked, series, window.marked, marker="inverted_triangle", size=10),
        ),
        bars=bars,
    )


def describe_events(events: Events, *, without_time: int) -> str:
    """Say what the timeline shows and what it does not, with exact totals."""
    lanes = events.lanes
    words = f"{len(events):,} {'event' if len(events) == 1 else 'events'}"
    if lanes.column:
        shown = (
            f"{lanes.distinct - lanes.rest:,} of {lanes.distinct:,}" if lanes.rest else f"{lanes.distinct:,}"
        )
        words += f" by {column_label(lanes.column)} ({shown})"
    parts = [f"{words}, {stamp(events.start)} to {stamp(events.end)} UTC"]
    if lanes.rest:
        share = lanes.totals[-1] / len(events)
        parts.append(
            f"the other {lanes.rest:,} groups, {share:.0%} of the events, share the last lane".replace(
                "%", " %"
            )
        )
    flagged, rare = events.flagged_total, events.rare_total
    if flagged:
        each = "" if flagged + rare <= BUDGET else ", a mark for the first of each moment"
        parts.append(f"{flagged:,} flagged{each}")
    if rare:
        parts.append(
            "1 rare event drawn by itself" if rare == 1 else f"{rare:,} rare events drawn one by one"
        )
    if without_time:
        parts.append(f"{without_time:,} rows have no time and are not drawn")
    return "; ".join(parts)


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


def _all_columns(series: Series, window: Window) -> list[dict[str, Any]]:
    return [
        _cell_columns(series, window),
        _event_columns(series, window.singles),
        _event_columns(series, window.marked),
    ]


def _cell_columns(series: Series, window: Window) -> dict[str, Any]:
    cells = window.cells
    left = milliseconds(window.origin + cells["bin"].to_numpy() * window.width)
    rows = cells["rows"].to_numpy()
    # By the logarithm: one event is seen beside a million.
    strength = _FAINTEST + (1 - _FAINTEST) * np.log1p(rows) / np.log1p(rows.max(initial=1))
    return {
        "left": left,
        "right": np.minimum(left + window.width / 1_000, milliseconds(window.stop + 1)),
        "lane": (cells["lane"].to_numpy() + series.first_lane).astype(np.uint16),
        "rows": rows.astype(np.uint32),
        "strength": strength.astype(np.float32),
    }


def _event_columns(series: Series, marks: Marks) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "time": milliseconds(marks.times),
        "lane": (marks.lanes + np.uint16(series.first_lane)).astype(np.uint16),
        **texts(marks.details),
    }
    if marks.ends is not None:
        columns["end"] = milliseconds(marks.ends)
    if marks.sizes is not None:
        columns["size"] = marks.sizes
    return columns


def _add_extents(built: Stage, series: Series) -> Any:
    none = np.empty(0, dtype=np.int64)
    first, last = series.extents or (none, none)
    lanes = np.arange(len(first)) + series.first_lane
    source = ColumnDataSource({"lane": lanes, "left": milliseconds(first), "right": milliseconds(last)})
    bar = HBar(y="lane", left="left", right="right", height=_CELL_HEIGHT, fill_alpha=0.18, line_color=None)
    return built.figure.add_glyph(source, bar, nonselection_glyph=None, selection_glyph=None)


def _add_cells(built: Stage, source: ColumnDataSource, series: Series) -> Any:
    place: dict[str, Any] = {"y": "lane", "left": "left", "right": "right", "height": _CELL_HEIGHT}
    renderer = built.figure.add_glyph(
        source,
        HBar(**place, fill_alpha="strength", line_color=None),
        selection_glyph=HBar(**place, fill_alpha="strength", line_color=None),
        nonselection_glyph=HBar(**place, fill_alpha=0.12, line_color=None),
    )
    lines = [("from", "@left{custom}"), ("to", "@right{custom}"), ("events", "@rows{custom}")]
    _add_hover(built, renderer, series, lines)
    return renderer


def _add_events(
    built: Stage, source: ColumnDataSource, series: Series, marks: Marks, *, marker: str, size: int
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
    _add_hover(built, renderer, series, lines + detail_lines(marks.details))
    return renderer


def _add_hover(built: Stage, renderer: Any, series: Series, lines: list[tuple[str, str]]) -> None:
    """Add a tooltip for a layer; names travel as arguments and are put in as text."""
    lanes = series.events.lanes
    time = CustomJSHover(code=TIME_TEXT)
    hover = HoverTool(
        renderers=[renderer],
        formatters={
            **dict.fromkeys(("@time", "@end", "@left", "@right"), time),
            "@rows": CustomJSHover(code=_GROUPED),
            "@lane": CustomJSHover(args={"names": lanes.labels, "first": series.first_lane}, code=_LANE_NAME),
        },
        point_policy="follow_mouse",
        show_arrow=False,
        visible=False,
        limit=6,
    )
    name = [(column_label(lanes.column), "@lane{custom}")] if lanes.column else []
    built.tooltips.append((hover, name + lines))
