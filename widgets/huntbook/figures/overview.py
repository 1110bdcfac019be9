"""The bar below a timeline: all time at a glance, its bursts and gaps, and the window that is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.models import ColumnDataSource, CustomJSHover, HBar, HoverTool, Quad, Range1d, RangeTool
from bokeh.plotting import figure as bokeh_figure

from huntbook.compute.times import milliseconds
from huntbook.figures.lanes import NARROWEST, TIME_TEXT, WIDEST
from huntbook.figures.text import tooltip

if TYPE_CHECKING:
    from bokeh.plotting import figure as Figure  # noqa: N812 - Bokeh's class has a function's name

    from huntbook.compute.profile import Profile
    from huntbook.compute.rhythm import Rhythm
    from huntbook.figures.lanes import LaneLook
    from huntbook.figures.theme import Theme

_HEIGHT = 58
# The strip of bursts and gaps above the bars, and the top, in parts of the bars' height.
_STRIP, _TOP = 1.14, 1.26
_LINES = [("", "@what"), ("from", "@left{custom}"), ("to", "@right{custom}")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The drawn bar.

    Parameters
    ----------
    figure
        The bar.
    tool
        The window in it.
    bars, bursts, gaps
        The glyphs.
    hover
        The tooltip of bursts and gaps, if there are any.
    """

    figure: Figure
    tool: RangeTool
    bars: Quad
    bursts: HBar
    gaps: HBar
    hover: HoverTool | None

    def align(self, main: Figure) -> None:
        """Begin and end where `main` does."""
        self.figure.update(min_border_left=main.min_border_left, min_border_right=main.min_border_right)

    def restyle(self, theme: Theme, *, accent: str) -> None:
        """Give the bar the colours of `theme`."""
        ground = theme.ground
        self.figure.update(background_fill_color=ground, border_fill_color=ground, outline_line_color=None)
        self.bars.update(fill_color=theme.rest, line_color=theme.rest)
        self.bursts.update(fill_color=theme.text, line_color=theme.text)
        self.gaps.update(fill_color=ground, line_color=theme.muted)
        self.tool.overlay.update(fill_color=accent, line_color=accent)
        if self.hover is not None:
            self.hover.tooltips = tooltip(_LINES, theme)


def add_overview(main: Figure, profile: Profile, *, look: LaneLook) -> Overview:
    """Build the bar below `main`, with a window that is the time that `main` shows."""
    window: Any = main.x_range
    lowest, highest = float(np.nanmin(profile.low)), float(np.nanmax(profile.high))
    tall = highest - lowest or 1.0
    figure = bokeh_figure(
        height=_HEIGHT,
        x_range=Range1d(start=window.start, end=window.end),
        y_range=Range1d(start=lowest - 0.04 * tall, end=lowest + _TOP * tall),
        x_axis_type=None,
        y_axis_type=None,
        tools="",
        toolbar_location=None,
        min_border_left=main.min_border_left,
        min_border_right=main.min_border_right,
        **(
            {"width": look.width}
            if look.width
            else {"sizing_mode": "stretch_width", "max_width": WIDEST, "min_width": NARROWEST}
        ),
    )
    tool = RangeTool(x_range=window, start_gesture="pan")
    tool.overlay.update(fill_alpha=0.08, line_alpha=0.5, line_width=1)
    figure.add_tools(tool)
    bars = _add_bars(figure, profile)
    place: dict[str, Any] = {"y": lowest + _STRIP * tall, "left": "left", "right": "right"}
    # A burst is a solid line, a gap an open one.
    bursts, gaps = HBar(**place, height=0.07 * tall), HBar(**place, height=0.05 * tall, line_width=1)
    sources = _rhythm_columns(profile.rhythm)
    drawn: list[Any] = [
        figure.add_glyph(ColumnDataSource(each), glyph)
        for each, glyph in zip(sources, (bursts, gaps), strict=True)
        if each["what"]
    ]
    hover = _add_hover(figure, drawn) if drawn else None
    return Overview(figure=figure, tool=tool, bars=bars, bursts=bursts, gaps=gaps, hover=hover)


def _add_hover(figure: Figure, renderers: list[Any]) -> HoverTool:
    time = CustomJSHover(code=TIME_TEXT)
    hover = HoverTool(
        renderers=renderers,
        formatters={"@left": time, "@right": time},
        point_policy="follow_mouse",
        show_arrow=False,
    )
    figure.add_tools(hover)
    return hover


def _add_bars(figure: Figure, profile: Profile) -> Quad:
    starts = milliseconds(profile.starts)
    width = float(starts[1] - starts[0]) if len(starts) > 1 else 1.0
    # Where each bar is from a lowest to a highest, one of no height is seen by its line.
    ranged = bool(np.nanmax(np.abs(profile.low), initial=0.0))
    line = 1.5 if ranged else 0.5
    bars = Quad(left="left", right="right", bottom="low", top="high", line_width=line)
    # A count of nothing has no bar, and no line where it would be.
    present = np.isfinite(profile.high) & (ranged | (profile.high > 0))
    figure.add_glyph(
        ColumnDataSource(
            {
                "left": starts[present],
                "right": starts[present] + width,
                "low": profile.low[present].astype(np.float32),
                "high": profile.high[present].astype(np.float32),
            }
        ),
        bars,
    )
    return bars


def _rhythm_columns(rhythm: Rhythm) -> list[dict[str, Any]]:
    said = [
        [f"burst: {burst.rows:,} events, {burst.ratio:,.0f} times the usual rate" for burst in rhythm.bursts],
        ["gap: no event"] * len(rhythm.gaps),
    ]
    return [
        {
            "left": milliseconds(np.array([each.start for each in found], dtype=np.int64)),
            "right": milliseconds(np.array([each.end for each in found], dtype=np.int64)),
            "what": words,
        }
        for found, words in zip((rhythm.bursts, rhythm.gaps), said, strict=True)
    ]
