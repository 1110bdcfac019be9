"""Text inside a Bokeh picture: how wide it is, and how nothing in it is taken for markup."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import TYPE_CHECKING

from bokeh.models import PlainText

from huntbook.compute.labels import category_labels, shorten
from huntbook.figures.theme import FONT, Theme

if TYPE_CHECKING:
    from collections.abc import Iterable

# Bokeh takes text between these for TeX, and fetches a renderer for it from the network.
_TEX = ("$$", "\\(", "\\[")
# Mean width of a character in a sans-serif font, as a part of the font size.
_NARROW, _WIDE = 0.57, 1.05


def plain(text: str) -> str | PlainText:
    """Return `text` so that Bokeh draws it as it is."""
    return PlainText(text=text) if any(mark in text for mark in _TEX) else text


def entities(text: str) -> str:
    """Return `text` for a tooltip's template: neither HTML nor ``@name``, ``$name``, ``{format}``."""
    return "".join(letter if letter.isalnum() else f"&#{ord(letter)};" for letter in text)


def column_label(name: object) -> str:
    """Return a column's name as one short line of visible characters."""
    return shorten(category_labels([str(name)])[0], 40)


def text_width(text: str, size: float) -> float:
    """Return about how many pixels wide `text` is at a font size of `size` pixels."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return size * (_WIDE * wide + _NARROW * (len(text) - wide))


def widest(labels: Iterable[str], size: float) -> float:
    """Return about how many pixels wide the widest of `labels` is."""
    return max((text_width(label, size) for label in labels), default=0.0)


def wrapped(sentence: str, *, width: float, size: float) -> str:
    """Break `sentence` into lines of at most `width` pixels; a number keeps its sign of per cent."""
    kept = sentence.replace(" %", "\N{NO-BREAK SPACE}%")
    return "\n".join(textwrap.wrap(kept, max(20, int(width / (size * _NARROW)))))


def tooltip(lines: list[tuple[str, str]], theme: Theme) -> str:
    """Return a tooltip's template: a name and a placeholder a line.

    Parameters
    ----------
    lines
        The names, as they are in the data, and Bokeh's placeholders, such as ``@rows{custom}``.
    theme
        Its colours.
    """
    rows = "".join(
        f'<tr><td style="color:{theme.muted};padding-right:12px;white-space:nowrap">{entities(name)}</td>'
        f'<td style="max-width:420px;overflow-wrap:anywhere">{placeholder}</td></tr>'
        for name, placeholder in lines
    )
    # The margin covers Bokeh's own ground and border, which know no dark theme.
    return (
        f'<div style="margin:-6px;padding:7px 10px;background:{theme.ground};border:1px solid {theme.rest};'
        f'border-radius:4px"><table style="font:12px/1.45 {FONT};color:{theme.text};border-spacing:0">'
        f"{rows}</table></div>"
    )
