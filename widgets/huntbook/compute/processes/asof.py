"""For each question (group, time) the last entry of that group at or before that time, without a loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from huntbook.compute.processes.sorting import stable_order

if TYPE_CHECKING:
    import numpy.typing as npt

    from huntbook.compute.processes.columns import IntArray

__all__ = ["AsOf"]


@dataclass(frozen=True, slots=True)
class AsOf:
    """Entries in order of group and time.

    Parameters
    ----------
    order
        The entries' own numbers, sorted.
    group, when
        Group (0, 1, 2 ...) and time of each entry, in that order.
    axis
        All times, sorted: a time is compared by its rank, so that group and time fit in one integer.
    keys
        Group and rank in one integer, sorted.
    """

    order: IntArray
    group: IntArray
    when: IntArray
    axis: IntArray
    keys: IntArray

    @classmethod
    def of(cls, entries: IntArray, group: IntArray, when: IntArray) -> AsOf:
        """Sort entries.

        Parameters
        ----------
        entries
            The entries' numbers; those of one group in order of time.
        group, when
            Group and time of each of them.
        """
        by_group = stable_order(group)
        axis = np.sort(when)
        rank = np.searchsorted(axis, when, side="right")
        keys = group * (len(when) + 1) + rank
        return cls(entries[by_group], group[by_group], when[by_group], axis, keys[by_group])

    def last(self, group: IntArray, when: IntArray) -> IntArray:
        """Return the place (an index into `order`) of the last entry at or before each time; -1 if none."""
        asked = group * (len(self.axis) + 1) + np.searchsorted(self.axis, when, side="right")
        place = np.searchsorted(self.keys, asked, side="right") - 1
        return np.where((place >= 0) & (self.group_at(place) == group) & (group >= 0), place, -1)

    def shared(self, place: IntArray) -> npt.NDArray[np.bool_]:
        """Whether the entry before each place is of the same group."""
        return np.asarray(self.group_at(place - 1) == self.group_at(place), dtype=np.bool_)

    def group_at(self, place: IntArray) -> IntArray:
        """Return the group of each place; -1 outside."""
        if not len(self.group):
            return np.full(len(place), -1, dtype=np.int64)
        inside = (place >= 0) & (place < len(self.group))
        return np.where(inside, self.group[np.clip(place, 0, len(self.group) - 1)], -1)
