"""For each question (group, time) the last entry of that group at or before that time, without a loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from huntbook.compute.processes.sorting import stable_order

if TYPE_CHECKING:
    import numpy.typing as npt

    from huntbook.compute.processes.columns import IntArray

__all__ = ["AsOf", "ranks"]


@dataclass(frozen=True, slots=True)
class AsOf:
    """Entries in order of group and time.

    Parameters
    ----------
    order
        The entries' own numbers, sorted.
    group, when
        Group (0, 1, 2 ...) and time of each entry, in that order.
    keys
        Group and time in one integer, sorted.
    scale
        By how much a group counts more than a time in `keys`.
    """

    order: IntArray
    group: IntArray
    when: IntArray
    keys: IntArray
    scale: int

    @classmethod
    def of(cls, entries: IntArray, group: IntArray, when: IntArray) -> AsOf:
        """Sort entries.

        Parameters
        ----------
        entries
            The entries' numbers; those of one group in order of time.
        group, when
            Group and time of each of them. Times are whole numbers from 0 to less than 2**31 (see `ranks`), so that
            group and time fit in one integer.
        """
        by_group = stable_order(group)
        group, when = group[by_group], when[by_group]
        scale = int(when.max(initial=0)) + 2
        return cls(entries[by_group], group, when, group * scale + when, scale)

    def last(self, group: IntArray, when: IntArray) -> IntArray:
        """Return the place (an index into `order`) of the last entry at or before each time; -1 if none."""
        asked = group * self.scale + np.minimum(when, self.scale - 1)
        place = np.searchsorted(self.keys, asked, side="right") - 1
        return np.where((place >= 0) & (self.group_at(place) == group) & (group >= 0), place, -1)

    def after(self, group: IntArray, place: IntArray) -> IntArray:
        """Return the place after each of a group, or for -1 the group's first; -1 if there is none."""
        first = np.searchsorted(self.group, group[place < 0])
        following = place + 1
        following[place < 0] = first
        return np.where(self.group_at(following) == group, following, -1)

    def shared(self, place: IntArray) -> npt.NDArray[np.bool_]:
        """Whether the entry before each place is of the same group."""
        return np.asarray(self.group_at(place - 1) == self.group_at(place), dtype=np.bool_)

    def group_at(self, place: IntArray) -> IntArray:
        """Return the group of each place; -1 outside."""
        if not len(self.group):
            return np.full(len(place), -1, dtype=np.int64)
        inside = (place >= 0) & (place < len(self.group))
        return np.where(inside, self.group[np.clip(place, 0, len(self.group) - 1)], -1)


def ranks(entries: IntArray, asked: IntArray) -> tuple[IntArray, IntArray]:
    """Return small numbers in place of times: for entries, and for what is asked of them."""
    axis = np.unique(entries)
    return np.searchsorted(axis, entries, side="right"), np.searchsorted(axis, asked, side="right")
