"""Measure the picture of numbers over time beside MSTICPy's: time, peak memory and bytes sent to the browser; and our zooms."""

from __future__ import annotations

from _timelines import measure

if __name__ == "__main__":
    measure("timeline_values", name="values", about=__doc__)
