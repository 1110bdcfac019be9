"""Pictures as functions of a frame; `df.mp_plot` has the same as methods."""

from __future__ import annotations

from huntbook.plot._matrix import matrix
from huntbook.plot._process_tree import process_lineages, process_tree
from huntbook.plot._timeline import timeline, timeline_duration
from huntbook.plot._values import timeline_values

__all__ = ["matrix", "process_lineages", "process_tree", "timeline", "timeline_duration", "timeline_values"]
