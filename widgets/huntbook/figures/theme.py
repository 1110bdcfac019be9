"""The visual language: colours, fonts and sizes that every picture takes from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bokeh.colors import named
from bokeh.core.properties import Color
from bokeh.models.annotations import Title

from huntbook.errors import OptionError, nearest

if TYPE_CHECKING:
    from bokeh.models import Plot

ThemeName = Literal["light", "dark"]

FONT = "Inter, Helvetica, Arial, sans-serif"
TITLE_SIZE = "13px"
SECONDARY_SIZE = "11px"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One set of colours.

    Parameters
    ----------
    ground, text, muted, line
        The page, words, secondary words, and the faint lines that carry the eye.
    accent
        The one colour of data.
    warning
        Flagged and rare.
    rest
        What is folded, inferred or in the margin.
    series
        Colours for a few groups, told apart by the colour-blind too; the first is the accent.
    """

    name: ThemeName
    ground: str
    text: str
    muted: str
    line: str
    band: str
    accent: str
    warning: str
    rest: str
    series: tuple[str, ...]


LIGHT = Theme(
    name="light",
    ground="#ffffff",
    text="#1f2328",
    muted="#656d76",
    line="#e7eaee",
    band="#f6f8fa",
    accent="#0969da",
    warning="#cf222e",
    rest="#afb8c1",
    series=("#0969da", "#d97706", "#0f8a6a", "#b1459b", "#7a5c00", "#5b6ee1", "#00838f", "#8c2f39"),
)
DARK = Theme(
    name="dark",
    ground="#111111",
    text="#e6edf3",
    muted="#8d96a0",
    line="#23282e",
    band="#1b1f24",
    accent="#6cb6ff",
    warning="#ff7b72",
    rest="#5b646e",
    series=("#6cb6ff", "#f0a840", "#4cc9a4", "#e58ad0", "#d4c15a", "#a5b0ff", "#56c7d6", "#f08a94"),
)
THEMES: dict[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK)}


def require_color(color: str, *, option: str = "color") -> str:
    """Return `color` if a browser knows it; else raise an OptionError."""
    if not Color().is_valid(color):
        near = nearest(str(color), named.__all__)
        hint = f" Did you mean {near!r}?" if near else ""
        raise OptionError(
            f"{option}={color!r} is not a colour.{hint} It takes a CSS name such as 'crimson', or '#rrggbb'."
        )
    return color


def dress(figure: Plot, theme: Theme) -> None:
    """Give a figure's ground, axes, grid and titles the colours of `theme`."""
    figure.update(background_fill_color=theme.ground, border_fill_color=theme.ground, outline_line_color=None)
    for axis in figure.axis:
        axis.update(
            axis_line_color=None,
            major_tick_line_color=None,
            minor_tick_line_color=None,
            major_label_text_color=theme.text,
            major_label_text_font=FONT,
            axis_label_text_color=theme.muted,
            axis_label_text_font=FONT,
            axis_label_text_font_size=SECONDARY_SIZE,
            axis_label_text_font_style="normal",
        )
    for grid in figure.grid:
        grid.grid_line_color = theme.line
    if isinstance(figure.title, Title):
        figure.title.update(
            text_color=theme.text, text_font=FONT, text_font_size=TITLE_SIZE, text_font_style="normal"
        )
