"""Text inside a Bokeh picture: how wide it is, and how nothing in it is taken for markup."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import TYPE_CHECKING

from bokeh.models import PlainText

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


def text_width(text: str, size: float) -> float:
    """Return about how many pixels wide `text` is at a font size of `size` pixels."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return size * (_WIDE * wide + _NARROW * (len(text) - wide))


def widest(labels: Iterable[str], size: float) -> float:
    """Return about how many pixels wide the widest of `labels` is."""
    return max((text_width(label, size) for label in labels), default=0.0)


def wrapped(sentence: str, *, width: float, size: float) -> str:
    """Break `sentence` into lines of at most `width` pixels."""
    return "\n".join(textwrap.wrap(sentence, max(20, int(width / (size * _NARROW)))))
