"""All time at a glance: a bar a bin, with bursts and gaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from huntbook.compute.rhythm import Rhythm, find_rhythm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from huntbook.compute.events import Events

BINS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The bars of an overview.

    Parameters
    ----------
    starts
        When each bin starts, in microseconds; all have one width.
    low, high
        From where to where each bin's bar goes; NaN where there is none.
    rhythm
        Bursts and gaps.
    """

    starts: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    rhythm: Rhythm = field(default_factory=Rhythm)


def profile_events(every: Sequence[Events]) -> Profile:
    """Count all events of some series by time; bars have the height of the logarithm, as cells their strength."""
    starts, counts = every[0].overview(BINS)
    if len(every) > 1:
        starts, counts = _together(every)
    return Profile(
        starts=starts,
        low=np.zeros(len(starts)),
        high=np.log1p(counts),
        rhythm=find_rhythm(starts, counts),
    )


def _together(every: Sequence[Events]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Add up the overviews of several series, each bin where it starts."""
    start, end = min(events.start for events in every), max(events.end for events in every)
    width = max(1, -(-(end - start + 1) // BINS))
    counts = np.zeros((end - start) // width + 1, dtype=np.int64)
    for events in every:
        own_starts, own_counts = events.overview(BINS)
        np.add.at(counts, (own_starts - start) // width, own_counts)
    return start + np.arange(len(counts)) * width, counts
