"""Widgets that wire a computed frame to its figure: selection, export, theme."""

from __future__ import annotations

from huntbook.views.view import PlotView

__all__ = ["PlotView"]
