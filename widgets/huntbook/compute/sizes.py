"""From a value to the diameter of its circle: true to the eye, and never invisible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A circle below this diameter, in pixels, is missed by the eye and by the mouse.
SMALLEST = 4.0
# The part of the largest diameter that a pair gets where all are drawn alike.
_ALIKE = 0.6


def diameters(
    values: NDArray[Any],
    *,
    scaled_by: NDArray[np.bool_],
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
    scaled_by
        Which of the values set the scale; the others (the margin) are cut at `largest`.
    largest
        Diameter of the largest circle in pixels.
    log_size
        The *diameter* grows with log(1 + value) instead, so that 1 is still above the floor.
    invert
        The smallest value gets the largest circle. Zero counts as the smallest value above zero.
    intersect
        All circles are alike; the other two options are then without effect.
    """
    if intersect:
        return np.full(len(values), max(SMALLEST, largest * _ALIKE), dtype=np.float32)
    weights = np.abs(np.asarray(values, dtype=np.float64))
    top = weights[scaled_by].max(initial=0.0) or weights.max(initial=0.0)
    if invert:
        least = weights[weights > 0].min(initial=np.inf)
        weights = least / np.maximum(weights, least) if np.isfinite(least) else np.ones_like(weights)
        top = weights[scaled_by].max(initial=0.0) or 1.0
        # As a share of the smallest value all weights are below 1, where log(1 + x) does nothing.
        span = 1.0 / weights.min(initial=1.0)
        weights, top = weights * span, top * span
    if top == 0:
        return np.full(len(weights), SMALLEST, dtype=np.float32)
    share = np.log1p(weights) / np.log1p(top) if log_size else np.sqrt(weights / top)
    return np.clip(share * largest, SMALLEST, largest).astype(np.float32)
