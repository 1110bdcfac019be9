"""Whole numbers that stand for hosts and ids: put into one, and sorted several times faster than by comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from huntbook.compute.processes.columns import IntArray

__all__ = ["in_host", "stable_order"]

_DIGIT = 16


def stable_order(codes: npt.NDArray[np.integer[Any]]) -> IntArray:
    """Return the order that sorts `codes`; equal ones stay in their order.

    Parameters
    ----------
    codes
        Whole numbers from -1 up. numpy sorts 16 bits at a time by counting, so that few digits mean few passes.
    """
    shifted = codes.astype(np.int64) + 1
    order: IntArray = np.argsort(shifted.astype(np.uint16), kind="stable")
    rest = shifted >> _DIGIT
    while rest.any():
        order = order[np.argsort(rest[order].astype(np.uint16), kind="stable")]
        rest >>= _DIGIT
    return order


def in_host(host: npt.NDArray[np.integer[Any]], code: npt.NDArray[np.integer[Any]]) -> IntArray:
    """Return host and a process id (or another code) in one number; -1 where there is none."""
    return np.where(code >= 0, host.astype(np.int64) << 32 | code, -1)
