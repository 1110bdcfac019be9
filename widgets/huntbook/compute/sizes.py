"""From a value to the diameter of its circle: true to the eye, and never invisible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Of an event in a timeline, in pixels.
LARGEST_MARK = 18.0
# The smallest circle: a part of the largest, within limits in pixels that the eye and the mouse can find.
_SMALL_PART, _SMALLEST, _SMALLEST_CROWDED = 0.36, 4.5, 2.0
# The part of the largest diameter that a pair gets where all are drawn alike.
_ALIKE = 0.6


def diameters(
    values: NDArray[Any],
    *,
    largest: float,
    log_size: bool = False,
    invert: bool = False,
    intersect: bool = False,
) -> NDArray[np.float32]:
    """Return the diameter, in pixels, of each value's circle.

    The *area* grows with the absolute value, because the eye compares areas.

    Parameters
    ----------
    values
        What the circles stand for; finite.
    largest
        Diameter of the largest circle in pixels.
    log_size
        The *diameter* grows with log(1 + value) instead, so that 1 is still above the floor.
    invert
        The smallest value gets the largest circle. Zero counts as the smallest value above zero.
    intersect
        All circles are alike; the other two options are then without effect.
    """
    smallest = min(_SMALLEST, max(_SMALLEST_CROWDED, largest * _SMALL_PART))
    if intersect:
        return np.full(len(values), largest * _ALIKE, dtype=np.float32)
    weights = np.abs(np.asarray(values, dtype=np.float64))
    if invert:
        weights = _inverted(weights)
    top = weights.max(initial=0.0)
    if top == 0:
        return np.full(len(weights), smallest, dtype=np.float32)
    share = np.log1p(weights) / np.log1p(top) if log_size else np.sqrt(weights / top)
    drawn: NDArray[np.float32] = np.clip(share * largest, smallest, largest).astype(np.float32)
    return drawn


def _inverted(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how many times the largest weight holds each; zero counts as the smallest above zero."""
    above = weights[weights > 0]
    if not len(above):
        return np.ones_like(weights)
    return np.asarray(above.max() / np.maximum(weights, above.min()))
