"""What all timelines share: lanes with pale bands, names at left, totals at right, time along the bottom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.core.properties import value
from bokeh.models import (
    Axis,
    BoxSelectTool,
    ColumnDataSource,
    CustomJSHover,
    DatetimeTickFormatter,
    FixedTicker,
    HoverTool,
    HStrip,
    LassoSelectTool,
    LinearAxis,
    PanTool,
    Range1d,
    ResetTool,
    SaveTool,
    TapTool,
    VSpan,
    WheelZoomTool,
)
from bokeh.models.annotations import LabelSet, Title
from bokeh.plotting import figure as bokeh_figure

from huntbook.compute.labels import shorten
from huntbook.figures.layout import SMALLEST_FONT
from huntbook.figures.text import plain, tooltip, widest, wrapped
from huntbook.figures.theme import FONT, SECONDARY_SIZE, Theme, dress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bokeh.plotting import figure as Figure  # noqa: N812 - Bokeh's class has a function's name

LANE_HEIGHT, _LEAST_LANE, _AIM = 34.0, 15.0, 900.0
NARROWEST, WIDEST = 400, 1_600
# Of a cell in pixels, until the browser says.
_USUAL_CELL = 900
# Channels and operations begin alike, and a timeline has the room.
_LEAST_LABEL, LONGEST_LABEL = 12, 44
# Room for the labels of references, in lanes.
REFERENCE_ROOM = 0.9
TIME_TEXT = (
    "return new Date(value).toISOString().replace('T', ' ').replace('000Z', '').replace('Z', '') + ' UTC'"
)
_GROUPED = "return Number(value).toLocaleString('en-US')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A moment to compare with: a line across all lanes, with a label."""

    time: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneLook:
    """How lanes are drawn; `huntbook.plot.timeline` documents each option."""

    title: str | None = None
    legend: str = "left"
    size: int = 8
    height: int | None = None
    width: int | None = None
    yaxis: bool = True
    xgrid: bool = True
    ygrid: bool = False
    range_tool: bool = True
    references: Sequence[Reference] = ()


@dataclass(slots=True, kw_only=True)
class Stage:
    """A figure over time with no marks in it yet.

    Parameters
    ----------
    figure
        The figure.
    look
        The options.
    names, totals
        The axes that name the lanes and count them, where there are lanes.
    inline
        The names inside the lanes, where they are there.
    bands
        The pale bands, where there are lanes.
    reference_line, reference_text
        The lines of references and their labels.
    tooltips
        Each tooltip with the names and placeholders that it is written from.
    time_text, count_text
        What writes times and counts in all tooltips.
    sentence
        What is shown, in words.
    words
        The names and totals of the lanes.
    cell
        The width of the notebook's cell in pixels, once it is known.
    """

    figure: Figure
    look: LaneLook
    names: LinearAxis | None = None
    totals: LinearAxis | None = None
    inline: LabelSet | None = None
    bands: Any = None
    reference_line: VSpan | None = None
    reference_text: LabelSet | None = None
    tooltips: list[tuple[HoverTool, list[tuple[str, str]]]] = field(default_factory=list)
    time_text: CustomJSHover = field(default_factory=lambda: CustomJSHover(code=TIME_TEXT))
    count_text: CustomJSHover = field(default_factory=lambda: CustomJSHover(code=_GROUPED))
    sentence: str = ""
    words: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    cell: int | None = None

    def label(self, labels: list[str], totals: list[str]) -> None:
        """Make room for as many lanes, and write their names at the left and their totals at the right."""
        room = REFERENCE_ROOM if self.look.references else 0.0
        pitch = lane_pitch(len(labels), self.look.height)
        font = max(SMALLEST_FONT, min(12.0, pitch * 0.72))
        texts = [shorten(label, longest_label(self.cell, font)) for label in labels]
        self.words = labels, totals
        figure = self.figure
        figure.y_range.update(start=len(labels) - 0.5, end=-0.5 - room)
        figure.min_border_left = round(widest(texts, font) + 16) if self.look.legend == "left" else 24
        figure.min_border_right = round(widest(totals, font) + 16)
        if self.look.height is None:
            figure.frame_height = round(pitch * (len(labels) + room))
        for axis, words, size in (
            (self.names, list(map(plain, texts)), font),
            (self.totals, totals, max(SMALLEST_FONT, font - 1)),
        ):
            if axis is not None:
                _write(axis, words, size=size)
        if self.inline is not None:
            source: Any = self.inline.source
            source.data = {"x": [4] * len(texts), "y": list(range(len(texts))), "text": texts}
            self.inline.text_font_size = value(f"{font:g}px")
        every_second = np.arange(0, len(labels), 2)
        self.bands.data_source.data = {"y0": every_second - 0.5, "y1": every_second + 0.5}

    def say(self, sentence: str) -> None:
        """Write another sentence."""
        self.sentence = sentence
        figure: Any = self.figure
        whole = self.look.width or min(self.cell or _USUAL_CELL, WIDEST)
        room = whole - figure.min_border_left - figure.min_border_right
        titles = [item for item in figure.above if isinstance(item, Title)]
        place, size = (titles[0], 11) if self.look.title else (figure.title, 13)
        place.text = plain(wrapped(sentence, width=room, size=size))

    def fit(self, cell: int) -> None:
        """Cut names and break the sentence for a cell of so many pixels."""
        self.cell = cell
        if self.bands is not None:
            self.label(*self.words)
        self.say(self.sentence)

    def restyle(self, theme: Theme) -> None:
        """Give everything but the marks the colours of `theme`."""
        dress(self.figure, theme)
        for item in self.figure.above:
            if isinstance(item, Title):
                item.text_color = theme.muted
        right = [item for item in self.figure.right if isinstance(item, Axis)]
        for axis in [*right, *self.figure.xaxis]:
            axis.major_label_text_color = theme.muted
        if self.inline is not None:
            self.inline.text_color = theme.text
        if self.bands is not None:
            self.bands.glyph.fill_color = theme.band
        if self.reference_line is not None and self.reference_text is not None:
            self.reference_line.line_color = theme.warning
            self.reference_text.text_color = theme.warning
        for hover, lines in self.tooltips:
            hover.tooltips = tooltip(lines, theme)


def stage(
    labels: list[str], totals: list[str], *, span: tuple[float, float], sentence: str, look: LaneLook
) -> Stage:
    """Build the empty lanes.

    Parameters
    ----------
    labels, totals
        What stands at the left and at the right of each lane.
    span
        First and last time in milliseconds.
    sentence
        What is shown, in words.
    look
        The options.
    """
    figure = bokeh_figure(
        x_range=Range1d(start=span[0], end=span[1], bounds=None),
        y_range=Range1d(),
        x_axis_type="datetime",
        toolbar_location="right",
        tools="",
        # Nothing is thinned out while a hand moves, and no frame is painted a second time when it rests.
        lod_threshold=None,
        lod_interval=0,
        **figure_size(look, _LEAST_LANE),
    )
    figure.toolbar.update(autohide=True, logo=None)
    figure.ygrid.visible = look.ygrid
    add_titles(figure, look.title)
    time_axis(figure, look)
    built = Stage(figure=figure, look=look, bands=_bands(figure))
    _add_names(built)
    built.label(labels, totals)
    built.say(sentence)
    if look.references:
        built.reference_line, built.reference_text = add_references(
            figure, look.references, y=-0.5 - REFERENCE_ROOM / 2
        )
    return built


def longest_label(cell: int | None, font: float) -> int:
    """Return how many letters of a name are shown, so that a narrow cell has room for more than names."""
    return (
        LONGEST_LABEL
        if cell is None
        else min(LONGEST_LABEL, max(_LEAST_LABEL, int(0.3 * cell / (font * 0.57))))
    )


def lane_pitch(lanes: int, height: int | None) -> float:
    """Return the height of a lane in pixels."""
    if height is not None:
        return max(_LEAST_LANE, (height - 110) / lanes)
    return min(LANE_HEIGHT, max(_LEAST_LANE, _AIM / lanes))


def add_tools(built: Stage) -> None:
    """Add the tools and the tooltips to a stage whose marks are drawn."""
    box = BoxSelectTool(persistent=False)
    # A wheel alone goes on scrolling the notebook.
    wheel = WheelZoomTool(dimensions="width", modifiers={"ctrl": True})
    hovers = [hover for hover, _ in built.tooltips]
    figure = built.figure
    figure.add_tools(
        box,
        LassoSelectTool(),
        TapTool(),
        PanTool(dimensions="width"),
        wheel,
        ResetTool(),
        SaveTool(),
        *hovers,
    )
    figure.toolbar.active_drag = box
    figure.toolbar.active_scroll = wheel


def figure_size(look: LaneLook, frame_height: float) -> dict[str, Any]:
    """Return the size options of a figure: the user's, else its own height and the width of the page."""
    size: dict[str, Any] = (
        {"frame_height": round(frame_height)} if look.height is None else {"height": look.height}
    )
    if look.width is not None:
        return size | {"width": look.width}
    return size | {"sizing_mode": "stretch_width", "max_width": WIDEST, "min_width": NARROWEST}


def add_titles(figure: Figure, title: str | None) -> None:
    """Set the user's title, if there is one, above the place of the sentence; else that place alone."""
    figure.title = Title(text=plain(title or ""))
    if title:
        below = Title(text_font=FONT, text_font_size=SECONDARY_SIZE, text_font_style="normal", standoff=4)
        figure.add_layout(below, "above")


def _add_names(built: Stage) -> None:
    """Put names and totals on axes, where they are not clipped."""
    figure, look = built.figure, built.look
    names: Any = figure.yaxis[0]
    if look.legend == "right":
        names.visible = False
        names = LinearAxis()
        figure.add_layout(names, "right")
    names.visible = look.yaxis and look.legend in {"left", "right"}
    built.names, built.totals = names, LinearAxis(axis_line_color=None)
    if look.legend == "inline":
        built.inline = LabelSet(
            source=ColumnDataSource(),
            x="x",
            y="y",
            text="text",
            x_units="screen",
            text_baseline="middle",
            text_alpha=0.75,
            name="inline",
        )
        figure.add_layout(built.inline)
    figure.add_layout(built.totals, "right")


def _write(axis: Any, words: Sequence[Any], *, size: float) -> None:
    """Give each lane its word on an axis."""
    ticks = list(range(len(words)))
    axis.ticker = FixedTicker(ticks=ticks)
    axis.major_label_overrides = dict(zip(ticks, words, strict=True))
    axis.major_label_text_font_size = f"{size:g}px"


def time_axis(figure: Figure, look: LaneLook) -> None:
    """Write times in the least words, the date once."""
    axis = figure.xaxis[0]
    axis.formatter = DatetimeTickFormatter(
        microseconds="%H:%M:%S.%f",
        milliseconds="%H:%M:%S.%3N",
        seconds="%H:%M:%S",
        minsec="%H:%M:%S",
        minutes="%H:%M",
        hourmin="%H:%M",
        hours="%H:%M",
        days="%d %b",
        months="%b %Y",
        years="%Y",
        context=DatetimeTickFormatter(
            microseconds="%d %b %Y",
            milliseconds="%d %b %Y",
            seconds="%d %b %Y",
            minsec="%d %b %Y",
            minutes="%d %b %Y",
            hourmin="%d %b %Y",
            hours="%d %b %Y",
            days="%Y",
            months="",
            years="",
        ),
        context_which="start",
        hide_repeats=True,
    )
    axis.major_label_text_font_size = SECONDARY_SIZE
    figure.xgrid.visible = look.xgrid


def _bands(figure: Figure) -> Any:
    bands = HStrip(y0="y0", y1="y1", line_color=None, hatch_color=None)
    source = ColumnDataSource({"y0": [], "y1": []})
    renderer = figure.add_glyph(source, bands, nonselection_glyph=None, selection_glyph=None)
    renderer.level = "underlay"
    return renderer


def add_references(figure: Figure, references: Sequence[Reference], *, y: float) -> tuple[VSpan, LabelSet]:
    """Draw the lines of references, and their labels at the height `y`."""
    source = ColumnDataSource(
        {
            "time": [reference.time for reference in references],
            "y": [y] * len(references),
            "label": [shorten(reference.label, LONGEST_LABEL) for reference in references],
        }
    )
    line = VSpan(x="time", line_width=1.5, line_dash=[4, 3])
    figure.add_glyph(source, line, nonselection_glyph=None, selection_glyph=None)
    labels = LabelSet(source=source, x="time", y="y", text="label", x_offset=4, text_baseline="middle")
    labels.update(text_font_size=SECONDARY_SIZE)
    figure.add_layout(labels)
    return line, labels
