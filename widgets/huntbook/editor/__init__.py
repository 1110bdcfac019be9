"""The settings editor of a notebook, from core ipywidgets only, so that it works in every front end."""

from __future__ import annotations

from huntbook.editor.config_editor import MpConfigEdit

__all__ = ["MpConfigEdit"]
