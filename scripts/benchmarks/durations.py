"""Measure the picture of how long groups lasted beside MSTICPy's: time, peak memory and bytes sent to the browser; and our zooms."""

from __future__ import annotations

from _timelines import measure

if __name__ == "__main__":
    measure("timeline_duration", name="durations", about=__doc__)
