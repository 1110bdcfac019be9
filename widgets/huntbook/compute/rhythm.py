"""Bursts and gaps: where events are denser, or absent for longer, than even chance explains."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The upper state has this many times the rate of all time; to enter it costs so many times the logarithm of the
# number of bins, which lets through fewer than 1 in 100 pictures of events that fall evenly.
_RATIO, _WEIGHT = 4.0, 2.0
# A gap is longer than the longest of events that fall evenly, except by this chance.
_CHANCE = 0.001
_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A burst or a gap.

    Parameters
    ----------
    start, end
        When it is, in microseconds; a gap is known to the width of a bin.
    rows
        How many events are in it.
    ratio
        Its rate as a multiple of the rate of all time; 0 for a gap.
    """

    start: int
    end: int
    rows: int
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The most marked bursts and the longest gaps, in order of time, and how many there are in all.

    Parameters
    ----------
    bursts, gaps
        At most three each.
    all_bursts, all_gaps
        How many there are.
    """

    bursts: tuple[Stretch, ...] = ()
    gaps: tuple[Stretch, ...] = ()
    all_bursts: int = 0
    all_gaps: int = 0


def find_rhythm(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> Rhythm:
    """Find bursts and gaps in counts by bins of equal width.

    A burst is a run of bins in the upper state of a two-state automaton: J. Kleinberg, "Bursty and
    Hierarchical Structure in Streams", KDD 2002, with Poisson counts, a rate of four times the mean in
    the upper state, and transitions of weight 2. A gap is a run of empty bins that, if the events fell
    evenly, would be that long with a chance below 1 in 1,000: the first term of R. A. Fisher's
    distribution of the largest interval ("Tests of significance in harmonic analysis", 1929).

    Parameters
    ----------
    starts
        The bins' starts in microseconds.
    counts
        How many events each has.
    """
    if len(starts) < 2:  # noqa: PLR2004 - one bin has no rhythm
        return Rhythm()
    width = int(starts[1] - starts[0])
    rate = float(counts.mean())

    def stretch(first: int, last: int) -> Stretch:
        rows = int(counts[first:last].sum())
        return Stretch(
            start=int(starts[first]),
            end=int(starts[first]) + (last - first) * width,
            rows=rows,
            ratio=rows / (last - first) / rate,
        )

    bursts = [stretch(*run) for run in _runs(_busy(counts, rate))]
    gaps = [stretch(*run) for run in _runs(counts == 0) if _surprising(run[1] - run[0], counts)]
    return Rhythm(
        bursts=_first(bursts, [burst.rows for burst in bursts]),
        gaps=_first(gaps, [gap.end - gap.start for gap in gaps]),
        all_bursts=len(bursts),
        all_gaps=len(gaps),
    )


def _busy(counts: NDArray[np.int64], rate: float) -> NDArray[np.bool_]:
    """Return the likeliest states of the bins (Viterbi): whether each is in the upper one."""
    # What a bin's count costs more in the upper state than in the lower, by the Poisson likelihood.
    extra = rate * (_RATIO - 1) - counts * math.log(_RATIO)
    enter = _WEIGHT * math.log(len(counts))
    low, high = 0.0, enter
    from_high, from_low = np.zeros(len(counts), dtype=bool), np.zeros(len(counts), dtype=bool)
    for at, cost in enumerate(extra.tolist()):
        from_high[at], from_low[at] = high < low, low + enter <= high
        low, high = min(low, high), min(high, low + enter) + cost
    busy = np.zeros(len(counts), dtype=bool)
    state = high < low
    for at in range(len(counts) - 1, -1, -1):
        busy[at] = state
        state = not from_low[at] if state else bool(from_high[at])
    return busy


def _surprising(empty: int, counts: NDArray[np.int64]) -> bool:
    """Tell whether so many empty bins in a row are a gap."""
    rows = int(counts.sum())
    return rows > 1 and math.log(rows) + (rows - 1) * math.log1p(-empty / len(counts)) < math.log(_CHANCE)


def _runs(inside: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the first place of each run of true values, and the place after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _first(found: list[Stretch], sizes: list[int]) -> tuple[Stretch, ...]:
    """Return the few largest, in order of time."""
    largest = np.argsort(-np.array(sizes, dtype=np.int64), kind="stable")[:_MOST]
    return tuple(found[at] for at in sorted(largest.tolist()))
