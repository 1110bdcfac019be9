"""The process tree: a row a process, its name and command line at left, its lifetime at right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.core.properties import value
from bokeh.layouts import row
from bokeh.models import (
    ColumnDataSource,
    DatetimeAxis,
    DatetimeTicker,
    DatetimeTickFormatter,
    HBar,
    HoverTool,
    PanTool,
    Range1d,
    Scatter,
    Segment,
    Text,
    WheelZoomTool,
)
from bokeh.plotting import figure as bokeh_figure

from huntbook.compute.processes.columns import NAT
from huntbook.figures.text import tooltip
from huntbook.figures.theme import FONT, LIGHT, SECONDARY_SIZE, Theme, dress
from huntbook.figures.tree_rows import (
    NAME_SIZE,
    SMALL_SIZE,
    Marks,
    TreeLook,
    row_alerts,
    row_colors,
    row_columns,
    row_lines,
    time_span,
)

if TYPE_CHECKING:
    from bokeh.models import LayoutDOM
    from bokeh.plotting import figure as Figure  # noqa: N812 - Bokeh's class has a function's name

    from huntbook.compute.processes.coloring import Coloring
    from huntbook.compute.processes.columns import IntArray
    from huntbook.compute.processes.forest import ProcessForest
    from huntbook.compute.processes.rows import Rows

__all__ = ["ROW_HEIGHT", "TreeFigure", "draw_tree"]

ROW_HEIGHT = 26
MONOSPACE = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"
_HEADER = 46
_FORMATS: dict[str, Any] = {
    "microseconds": "%H:%M:%S.%f", "milliseconds": "%H:%M:%S.%3N", "seconds": "%H:%M:%S", "minsec": "%H:%M:%S",
    "minutes": "%H:%M", "hourmin": "%H:%M", "hours": "%H:%M", "days": "%d %b", "months": "%b %Y", "years": "%Y",
}  # fmt: skip
_DAY: dict[str, Any] = dict.fromkeys(
    ("microseconds", "milliseconds", "seconds", "minsec", "minutes", "hourmin", "hours"), "%d %b %Y"
)


@dataclass(slots=True, kw_only=True)
class TreeFigure:
    """The drawn tree, and how to show another stretch of it."""

    layout: LayoutDOM
    tree: Figure
    times: Figure
    rows: ColumnDataSource
    lines: ColumnDataSource
    alerts: ColumnDataSource
    hovers: list[HoverTool]
    ticker: DatetimeTicker
    texts: dict[str, Any]
    forest: ProcessForest
    look: TreeLook
    marks: Marks
    record_end: int
    flags_before: IntArray
    theme: Theme = LIGHT

    def show(self, window: Rows, first: int, *, chosen: IntArray, coloring: Coloring | None) -> None:
        """Draw the rows from `first` on; `chosen` are the selected nodes."""
        nodes = window.window(first, self.look.rows)
        span = time_span(self.forest, nodes, self.record_end)
        after = nodes + self.forest.size[nodes]
        hidden = np.where(
            window.is_expanded(nodes), 0, self.flags_before[after] - self.flags_before[nodes + 1]
        )
        columns = row_columns(
            window, nodes, self.look, span=span, record_end=self.record_end, flagged_below=hidden
        )
        colors = row_colors(
            self.forest, nodes, self.theme, self.marks, chosen=chosen, coloring=coloring, flagged_below=hidden
        )
        # Before the rows change: the browser draws at once at the new height, with what it has then.
        self._be_as_high(max(len(nodes), 1))
        # As lists a window is one short message; as arrays every column would be two of its own.
        self.rows.data = _lists(columns | colors)
        self.lines.data = _lists(row_lines(window, first, self.look))
        self.alerts.data = _lists(row_alerts(nodes, self.marks.alerts, span))
        self.times.x_range.update(start=span[0], end=span[1])

    def _be_as_high(self, count: int) -> None:
        """Take the height of the rows that are there: a filter leaves no empty room below them."""
        self.tree.y_range.update(start=count - 0.5)
        for part in (self.tree, self.times):
            part.height = _height(count)

    def fit(self, cell: int) -> None:
        """Share a cell of so many pixels between the tree and the times; the rows follow with the next `show`."""
        self.look = replace(self.look, cell=cell)
        if self.look.width is None:
            self.tree.update(width=int(self.look.left))
            self.tree.x_range.update(end=self.look.left)
            # Milliseconds are the longest labels.
            self.ticker.desired_num_ticks = min(4, max(1, int((cell - self.look.left) / 100)))

    def restyle(self, theme: Theme) -> None:
        """Take the colours of `theme`; the colours of single rows follow with the next `show`."""
        self.theme = theme
        for part in (self.tree, self.times):
            dress(part, theme)
        for axis in self.times.above:
            axis.update(major_label_text_color=theme.muted, major_tick_line_color=theme.rest)
        self.texts["names"].text_color = "name_color"
        self.texts["folded"].text_color = "folded_color"
        for name in ("ids", "commands"):
            self.texts[name].text_color = theme.muted
        self.texts["lines"].line_color = theme.rest
        self.texts["alerts"].update(fill_color=theme.warning, line_color=theme.ground)
        for hover in self.hovers:
            hover.tooltips = tooltip(_hover_lines(self.look), theme)


def draw_tree(forest: ProcessForest, look: TreeLook, marks: Marks) -> TreeFigure:
    """Make the two parts of the picture, with no rows in them yet."""
    source, lines, alerts = ColumnDataSource(), ColumnDataSource(), ColumnDataSource()
    rows = Range1d(start=look.rows - 0.5, end=-0.5)
    tree = _part(look, rows, width=look.left, x_range=Range1d(start=0, end=look.left))
    rest = None if look.width is None else look.width - look.left
    times = _part(look, rows, width=rest, x_range=Range1d(start=0, end=1))
    # The first label holds the day and is the widest: more ticks would write over it.
    ticker = DatetimeTicker(desired_num_ticks=4)
    axis = DatetimeAxis(
        ticker=ticker,
        formatter=_formatter(),
        major_label_text_font_size=SECONDARY_SIZE,
    )
    times.add_layout(axis, "above")
    bands: list[Any] = []
    for part in (tree, times):
        band = HBar(
            y="row", height=1.0, left="band_left", right="band_right", fill_color="band", line_color=None
        )
        bands.append(part.add_glyph(source, band))
    texts: dict[str, Any] = {"lines": Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_width=1)}
    tree.add_glyph(lines, texts["lines"])
    dots = Scatter(
        x="x", y="row", marker="marker", angle="angle", size="size",
        fill_color="dot_fill", line_color="dot_line", line_width="dot_width",
    )  # fmt: skip
    tree.add_glyph(source, dots)
    for name, glyph in _text_glyphs().items():
        texts[name] = glyph
        tree.add_glyph(source, glyph)
    bar = HBar(
        y="row", left="start", right="end", height=0.42, fill_color="bar", fill_alpha="bar_alpha", line_color=None
    )  # fmt: skip
    times.add_glyph(source, bar)
    texts["alerts"] = Scatter(x="when", y="row", marker="inverted_triangle", size=11, line_width=1)
    times.add_glyph(alerts, texts["alerts"])
    hovers = [_add_tools(part, band) for part, band in zip((tree, times), bands, strict=True)]
    zoom = WheelZoomTool(dimensions="width", modifiers={"ctrl": True})
    times.add_tools(PanTool(dimensions="width"), zoom)
    times.toolbar.active_scroll = zoom
    wide: dict[str, Any] = {"sizing_mode": "stretch_width"} if look.width is None else {"width": look.width}
    drawn = TreeFigure(
        layout=row(tree, times, spacing=0, **wide), tree=tree, times=times, rows=source, lines=lines, alerts=alerts,
        hovers=hovers, ticker=ticker, texts=texts, forest=forest, look=look, marks=marks,
        flags_before=np.concatenate([[0], np.cumsum(marks.flagged)]),
        record_end=int(max(forest.start.max(initial=NAT), forest.end.max(initial=NAT))),
    )  # fmt: skip
    drawn.restyle(LIGHT)
    return drawn


def _add_tools(part: Figure, band: Any) -> HoverTool:
    """Let the whole row show its tooltip."""
    hover = HoverTool(renderers=[band], point_policy="follow_mouse", attachment="below")
    part.add_tools(hover)
    return hover


def _lists(columns: dict[str, Any]) -> dict[str, Any]:
    return {
        name: cells.tolist() if isinstance(cells, np.ndarray) else cells for name, cells in columns.items()
    }


def _part(look: TreeLook, rows: Range1d, *, width: float | None, x_range: Range1d) -> Figure:
    # Without a width of its own the part takes what the cell has left.
    size: dict[str, Any] = (
        {"sizing_mode": "stretch_width", "min_width": 160} if width is None else {"width": int(width)}
    )
    part = bokeh_figure(
        **size, height=_height(look.rows), x_range=x_range, y_range=rows,
        tools="", toolbar_location=None, x_axis_location=None, y_axis_location=None,
        min_border_top=_HEADER, min_border_bottom=0, min_border_left=0, min_border_right=0, output_backend="canvas",
    )  # fmt: skip
    part.grid.visible = False
    return part


def _height(rows: int) -> int:
    return rows * ROW_HEIGHT + _HEADER


def _formatter() -> DatetimeTickFormatter:
    """Return how times are written: the day stands once, at the left."""
    day = DatetimeTickFormatter(**_DAY, days="%Y", months="", years="")
    return DatetimeTickFormatter(**_FORMATS, context=day, context_which="start", hide_repeats=False)


def _text_glyphs() -> dict[str, Text]:
    def text(column: str, x: str, font: str, size: float, style: str) -> Text:
        return Text(
            x=x, y="row", text=column, text_baseline="middle", text_font=value(font),
            text_font_size=f"{size:g}px", text_font_style=style,
        )  # fmt: skip

    return {
        "names": text("name", "name_x", FONT, NAME_SIZE, "bold"),
        "ids": text("id", "id_x", MONOSPACE, SMALL_SIZE, "normal"),
        "commands": text("command", "command_x", MONOSPACE, SMALL_SIZE, "normal"),
        "folded": text("folded", "folded_x", FONT, SMALL_SIZE, "italic"),
    }


def _hover_lines(look: TreeLook) -> list[tuple[str, str]]:
    facts = ("image", "command", "user", "host", "start", "end", "link", "size")
    words = ("image", "command line", "account", "host", "start", "end", "parent by", "processes below")
    lines = [(word, f"@t_{fact}") for word, fact in zip(words, facts, strict=True)]
    return lines + [(column, f"@c_{place}") for place, column in enumerate(look.tooltip_columns)]
