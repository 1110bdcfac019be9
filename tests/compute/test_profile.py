"""All time at a glance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from huntbook.compute.profile import profile_events
from huntbook.compute.timeline import prepare_timeline


def events_of(seconds):
    """Make events at some seconds of a day."""
    times = pd.Timestamp("2024-01-01") + pd.to_timedelta(seconds, unit="s")
    return prepare_timeline(pd.DataFrame({"TimeGenerated": times})).events


def test_bars_have_the_height_of_the_logarithm():
    """All events are in them."""
    profile = profile_events([events_of(np.random.default_rng(0).integers(0, 86_400, 9_000))])
    assert round(np.expm1(profile.high).sum()) == 9_000
    assert not profile.low.any()


def test_several_series_are_counted_together():
    """Over the time of both."""
    first, second = events_of([0, 10, 20]), events_of([1_000, 2_000])
    profile = profile_events([first, second])
    assert round(np.expm1(profile.high).sum()) == 5
    assert profile.starts[0] == first.start
    assert profile.starts[-1] <= second.end
