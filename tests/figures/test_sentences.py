"""Timelines in words."""

from __future__ import annotations

import pandas as pd
import pytest

from huntbook import plot
from huntbook.compute.rhythm import Rhythm, Stretch
from huntbook.figures.sentences import describe_rhythm

HOUR = 3_600_000_000


@pytest.mark.parametrize(
    ("sizes", "search", "share"),
    [
        ([90, 10], "a", "the other group, 10 % of the events,"),
        ([999, 1], "b", "the other group, over 99 % of the events,"),
        ([999, 1], "a", "the other group, below 1 % of the events,"),
        ([5, 5], "nowhere", "the other 2 groups, all of the events,"),
    ],
)
def test_the_share_of_the_last_lane_is_never_rounded_to_all_or_nothing(sizes, search, share):
    """Of groups a and b of these sizes, after a search."""
    groups = ["a"] * sizes[0] + ["b"] * sizes[1]
    times = pd.date_range("2024-01-01", periods=len(groups), freq="s")
    view = plot.timeline(pd.DataFrame({"TimeGenerated": times, "g": groups}), group_by="g")
    view.search(search)
    assert f"; {share} share the last lane" in view.summary


def test_rare_values_are_told():
    """A triangle that nobody asked for has its reason in the sentence."""
    times = pd.date_range("2024-01-01", periods=6_000, freq="s")
    frame = pd.DataFrame({"TimeGenerated": times, "n": 1, "g": ["usual"] * 5_998 + ["odd"] * 2})
    view = plot.timeline_values(frame, value_column="n", group_by="g")
    assert "; 2 rare values drawn one by one" in view.summary


def test_a_single_moment_is_told_once():
    """Where all events are at one time, the sentence has no stretch from a time to itself."""
    time = pd.Timestamp("2024-01-01 12:30")
    view = plot.timeline(pd.DataFrame({"TimeGenerated": [time] * 2}))
    assert view.summary == "2 events, 2024-01-01 12:30:00 UTC"


def test_bursts_and_gaps_are_said_with_the_largest_of_each():
    """Times, counts and rates; nothing where there are none."""
    burst = Stretch(start=0, end=HOUR, rows=1_234, ratio=12.3)
    gap = Stretch(start=2 * HOUR, end=5 * HOUR, rows=0, ratio=0.0)
    one = Rhythm(bursts=(burst,), gaps=(gap,), all_bursts=1, all_gaps=1)
    assert describe_rhythm(one) == (
        "1 burst: 1,234 events from 1970-01-01 00:00:00 to 1970-01-01 01:00:00 UTC, 12 times the usual rate; "
        "1 gap: no event from 1970-01-01 02:00:00 to 1970-01-01 05:00:00 UTC"
    )
    many = Rhythm(gaps=(gap,), all_gaps=7)
    assert describe_rhythm(many, what="value").startswith("7 gaps, the largest: no value from ")
    assert describe_rhythm(Rhythm()) == ""
