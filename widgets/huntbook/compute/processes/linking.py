"""Who started whom: every process linked to its parent, with the rule that proves it.

The rules are tried in order of their strength, and the host is part of every key:

1. GUID: the recorder's own identifier of the parent.
2. START: the parent's process id and its start time, both given by the child's row.
3. NAME: the parent's process id and image, held by a process that started before the child, had not ended,
   and whose id had not been given to another process.
4. PID: the same where no image of the parent is known.
5. COMMAND: for recorded processes whose own process id was lost, image and whole command line of the parent.

A candidate that a field of the child's row contradicts is refuted, which means that it's no link. A parent that
is named but was never recorded is stood in for by a ghost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.compute.processes.asof import AsOf, ranks
from huntbook.compute.processes.columns import NAT
from huntbook.compute.processes.rules import Confidence, LinkRule
from huntbook.compute.processes.sorting import in_host

if TYPE_CHECKING:
    import numpy.typing as npt

    from huntbook.compute.processes.columns import IntArray
    from huntbook.compute.processes.events import ProcessEvents

    BoolArray = npt.NDArray[np.bool_]

__all__ = ["Links", "link"]

# The two sides of a START link are copies of one clock reading; recorders round them differently.
_SAME_START_NS = 1_000_000
# A host that records no process start for so long was not recorded, asleep or off: ids may have changed hands.
_SILENCE_NS = 12 * 3_600 * 1_000_000_000
# After so long a silence nobody can say that it is still the same boot, or the same machine under that name.
_LONG_SILENCE_NS = 7 * 24 * 3_600 * 1_000_000_000
# Processes linked at once, about.
_BLOCK = 1 << 18
_FOREVER = int(np.iinfo(np.int64).max)
# How many processes with the same id within the clock's tolerance are tried before giving up.
_MAX_STEPS_BACK = 32


@dataclass(frozen=True, slots=True)
class Links:
    """The answer of `link`: one element a process, and the ghosts that were needed.

    Parameters
    ----------
    parent
        Position of the parent; positions from `len(rule)` on are ghosts; -1 for roots.
    rule, confidence
        `LinkRule` and `Confidence` of each process.
    ghost_of
        For each ghost the first process that names it.
    self_parents, skewed
        How many processes name themselves as parent, and how many are linked to a parent that starts later
        by the clocks.
    """

    parent: IntArray
    rule: npt.NDArray[np.uint8]
    confidence: npt.NDArray[np.uint8]
    ghost_of: IntArray
    self_parents: int
    skewed: int


def link(events: ProcessEvents, *, clock_skew: int) -> Links:
    """Find the parent of every process.

    Parameters
    ----------
    events
        Distinct processes in order of host and start, as `without_duplicates` gives them.
    clock_skew
        Nanoseconds by which the clocks of two records may disagree: a parent may seem to start that much after
        its child, or to have ended that much before it.
    """
    blocks = _blocks(events.host)
    return _joined([_Linker(events.take(block), clock_skew).run() for block in blocks], blocks)


def _blocks(host: npt.NDArray[np.int32]) -> list[slice]:
    """Cut the processes between hosts, into blocks whose arrays fit into a processor's cache."""
    firsts = np.flatnonzero(np.diff(host, prepend=-1))
    place = np.searchsorted(firsts, np.arange(0, len(host), _BLOCK))
    starts = np.unique(firsts[place[place < len(firsts)]])
    return [slice(*block) for block in zip(starts.tolist(), [*starts[1:].tolist(), len(host)], strict=True)]


def _joined(parts: list[Links], blocks: list[slice]) -> Links:
    """Put the links of blocks behind each other; the ghosts of all stand behind all processes."""
    count, ghosts = blocks[-1].stop, np.cumsum([0, *(len(part.ghost_of) for part in parts)])
    parents = []
    for part, block, before in zip(parts, blocks, ghosts.tolist(), strict=False):
        own = len(part.rule)
        moved = np.where(part.parent < own, part.parent + block.start, part.parent - own + count + before)
        parents.append(np.where(part.parent < 0, -1, moved))
    return Links(
        np.concatenate(parents),
        np.concatenate([part.rule for part in parts]),
        np.concatenate([part.confidence for part in parts]),
        np.concatenate([part.ghost_of + block.start for part, block in zip(parts, blocks, strict=True)]),
        sum(part.self_parents for part in parts),
        sum(part.skewed for part in parts),
    )


class _Linker:
    """The state of one run: what is linked so far, and the owners of every process id over time."""

    def __init__(self, events: ProcessEvents, clock_skew: int) -> None:
        self.events = events
        self.skew = clock_skew
        count = len(events)
        self.parent: IntArray = np.full(count, -1, dtype=np.int64)
        self.rule = np.zeros(count, dtype=np.uint8)
        self.confidence = np.zeros(count, dtype=np.uint8)
        own = in_host(events.host, events.pid)
        named = in_host(events.host, events.parent_pid)
        groups, _ = pd.factorize(np.concatenate([own, named]))
        self.own_group: IntArray = np.where(own >= 0, groups[:count], -1)
        self.parent_group: IntArray = np.where(named >= 0, groups[count:], -1)
        with_pid = np.flatnonzero(events.pid >= 0)
        # Processes come by host and start, so that their times need no search to be numbered.
        self.moment = _moments(events)
        self.owners = AsOf.of(with_pid, self.own_group[with_pid], self.moment[with_pid])
        self.period = _periods(events, _SILENCE_NS)
        self.era = _periods(events, _LONG_SILENCE_NS)
        self.itself = (events.parent_pid >= 0) & (events.parent_pid == events.pid)
        self.itself |= (events.parent_guid >= 0) & (events.parent_guid == events.guid)
        self.rule[self.itself] = LinkRule.CUT

    def run(self) -> Links:
        self.by_guid()
        self.by_start()
        last_owner = self.last_owners()
        skewed = self.by_later_start(last_owner, rather=True)
        self.by_lifetime(last_owner)
        skewed += self.by_later_start(last_owner, rather=False)
        self.by_command()
        ghost_of = self.stand_in(last_owner)
        return Links(self.parent, self.rule, self.confidence, ghost_of, int(self.itself.sum()), skewed)

    def accept(
        self, child: IntArray, parent: IntArray, rule: LinkRule, confidence: Confidence | npt.NDArray[Any]
    ) -> None:
        self.parent[child] = parent
        self.rule[child] = rule
        self.confidence[child] = confidence

    def open(self) -> BoolArray:
        """Return which processes still have no parent and may get one."""
        return np.asarray((self.parent < 0) & ~self.itself, dtype=np.bool_)

    def by_guid(self) -> None:
        events = self.events
        if events.parent_guid.max(initial=-1) < 0:
            return
        own = in_host(events.host, events.guid)
        named = in_host(events.host, events.parent_guid)
        codes, _ = pd.factorize(np.concatenate([own, named]))
        known = np.flatnonzero(own >= 0)
        holder = np.full(len(codes), -1, dtype=np.int64)
        holder[codes[known][::-1]] = known[::-1]
        child = np.flatnonzero(self.open() & (named >= 0))
        parent = holder[codes[len(own) + child]]
        right = parent >= 0
        self.accept(child[right], parent[right], LinkRule.GUID, Confidence.CERTAIN)

    def by_start(self) -> None:
        events, owners = self.events, self.owners
        child = np.flatnonzero(self.open() & (events.parent_start != NAT) & (self.parent_group >= 0))
        if not len(child):
            return
        told = events.parent_start[child]
        when, asked = ranks(events.start[owners.order], told + _SAME_START_NS)
        by_time = AsOf.of(owners.order, owners.group, when)
        place = by_time.last(self.parent_group[child], asked)
        parent = np.where(place >= 0, by_time.order[place], -1)
        right = (parent >= 0) & (events.start[parent] >= told - _SAME_START_NS) & (parent != child)
        right &= ~_differ(events.parent_guid[child], events.guid[parent])
        self.accept(child[right], parent[right], LinkRule.START, Confidence.CERTAIN)

    def last_owners(self) -> IntArray:
        """Return for every open process the place of the last owner of its parent's id at its own start; else -1."""
        events, owners = self.events, self.owners
        place = np.full(len(events), -1, dtype=np.int64)
        child = np.flatnonzero(self.open() & (self.parent_group >= 0))
        when = np.where(events.start[child] == NAT, _FOREVER, self.moment[child])
        place[child] = owners.last(self.parent_group[child], when)
        return place

    def by_lifetime(self, last_owner: IntArray) -> None:
        """Try the owner of the parent's id at the child's start."""
        events, owners = self.events, self.owners
        child = np.flatnonzero(self.open() & (last_owner >= 0))
        # Without a start of its own a child can't choose among several owners of the id.
        child = child[(events.start[child] != NAT) | ~owners.shared(last_owner[child])]
        place = last_owner[child]
        for _ in range(_MAX_STEPS_BACK):
            parent = owners.order[place]
            refuted = self.refuted(child, parent)
            self.accept_by_id(child[~refuted], parent[~refuted])
            # An earlier owner of the id may be the parent only if the clocks may have the two in the wrong order.
            again = (
                refuted
                & (events.start[parent] >= events.start[child] - self.skew)
                & (events.start[child] != NAT)
            )
            again &= owners.shared(place)
            child, place = child[again], place[again] - 1
            if not len(child):
                break

    def by_later_start(self, last_owner: IntArray, *, rather: bool) -> int:
        """Try a parent that starts after its child by no more than the clocks may disagree; return how many.

        With `rather` it's preferred to an earlier owner of the id with the same image, on hosts whose exits are
        recorded where that owner has none: the later start shows that the earlier owner had ended by then.
        """
        events, owners = self.events, self.owners
        child = np.flatnonzero(self.open() & (self.parent_group >= 0) & (events.start != NAT))
        if rather:
            starts = np.bincount(events.host)
            exits = np.bincount(events.host[events.end != NAT], minlength=len(starts))
            exits_recorded = exits * 2 > starts
            child = child[exits_recorded[events.host[child]] & (events.parent_image[child] >= 0)]
        earlier = last_owner[child]
        following = owners.after(self.parent_group[child], earlier)
        child, earlier, following = (part[following >= 0] for part in (child, earlier, following))
        parent = owners.order[following]
        later = events.start[parent] - events.start[child] <= self.skew
        child, earlier, parent = child[later], earlier[later], parent[later]
        if rather:
            before = owners.order[earlier]
            alive = (earlier >= 0) & (events.end[before] != NAT) & ~self.refuted(child, before)
            child, parent = child[~alive], parent[~alive]
        right = ~self.refuted(child, parent)
        self.accept_by_id(child[right], parent[right])
        self.confidence[child[right]] = Confidence.WEAK
        return int(right.sum())

    def by_command(self) -> None:
        """Try recorded processes without an id: the last one with the parent's image and command line."""
        events = self.events
        usable = events.start != NAT
        lost = np.flatnonzero(usable & (events.pid < 0) & (events.image >= 0) & (events.command >= 0))
        told = (events.parent_image >= 0) & (events.parent_command >= 0)
        child = np.flatnonzero(self.open() & usable & told) if len(lost) else lost
        if not len(child):
            return
        keys = np.concatenate([events.command[lost], events.parent_command[child]]).astype(np.int64)
        group, _ = pd.factorize(keys << 32 | np.concatenate([events.host[lost], events.host[child]]))
        owners = AsOf.of(lost, group[: len(lost)], self.moment[lost])
        place = owners.last(group[len(lost) :], self.moment[child])
        child, parent = child[place >= 0], owners.order[place[place >= 0]]
        right = ~self.refuted(child, parent) & (self.period[child] == self.period[parent])
        self.accept(child[right], parent[right], LinkRule.COMMAND, Confidence.WEAK)

    def refuted(self, child: IntArray, parent: IntArray) -> BoolArray:
        """Whether a field of the child's row says that this is not its parent."""
        events = self.events
        told, image = events.parent_image[child], events.image[parent]
        base, full = events.images.base, events.images.full
        both = (told >= 0) & (image >= 0)
        other_name = both & (base[told] != base[image]) if len(base) else both
        other_path = both & (told != image) & full[told] & full[image] if len(base) else both
        end, known = events.end[parent], events.start[child] != NAT
        ended = (end != NAT) & known & (end < events.start[child] - self.skew)
        before = (self.era[child] != self.era[parent]) & known & (events.start[parent] != NAT)
        told_start = events.parent_start[child]
        refuted = (
            other_name
            | other_path
            | ended
            | before
            | ((told_start != NAT) & (np.abs(events.start[parent] - told_start) > _SAME_START_NS))
            | _differ(events.parent_guid[child], events.guid[parent])
            | _differ(events.parent_command[child], events.command[parent])
            | (child == parent)
        )
        return np.asarray(refuted, dtype=np.bool_)

    def accept_by_id(self, child: IntArray, parent: IntArray) -> None:
        """Link by process id, by the rule and with the confidence that the fields of both rows allow."""
        events = self.events
        named = events.parent_image[child] >= 0
        pairs = (
            (events.parent_command[child], events.command[parent]),
            (events.parent_user[child], events.user[parent]),
            (events.parent_session[child], events.session[parent]),
        )
        agree = np.any([_agree(*pair) for pair in pairs], axis=0)
        disagree = np.any([_differ(*pair) for pair in pairs], axis=0)
        disagree |= self.period[child] != self.period[parent]
        disagree |= (events.start[child] == NAT) | (events.start[parent] == NAT)
        lived = (events.end[parent] != NAT) & (events.start[child] != NAT)
        confidence = np.select(
            [disagree, named & agree, named | agree | lived],
            [Confidence.WEAK, Confidence.STRONG, Confidence.LIKELY],
            default=Confidence.WEAK,
        )
        self.accept(child, parent, LinkRule.PID, confidence)
        self.rule[child[named]] = LinkRule.NAME

    def stand_in(self, last_owner: IntArray) -> IntArray:
        """Give the processes whose parent is named but not recorded one ghost for each such parent."""
        events = self.events
        named = (events.parent_pid > 0) | (events.parent_image >= 0) | (events.parent_guid >= 0)
        child = np.flatnonzero(self.open() & named)
        if not len(child):
            return np.empty(0, dtype=np.int64)
        before = (self.parent_group[child], last_owner[child], self.era[child])
        codes, firsts = _same_ghost(events, child, *before)
        self.accept(child, len(events) + codes, LinkRule.UNRECORDED, Confidence.NONE)
        return child[firsts]


def _moments(events: ProcessEvents) -> IntArray:
    """Return numbers from 0 that are equal for processes of one host and start, and ascend with them."""
    new = np.ones(len(events), dtype=np.bool_)
    new[1:] = (events.start[1:] != events.start[:-1]) | (events.host[1:] != events.host[:-1])
    return np.cumsum(new) - 1


def _periods(events: ProcessEvents, silence: int) -> IntArray:
    """Return a number for each stretch of a host's record that no such silence interrupts."""
    host, start = events.host, events.start
    new = np.ones(len(events), dtype=np.bool_)
    # Unknown starts come first on each host; from there to a real time is no silence.
    new[1:] = (host[1:] != host[:-1]) | ((start[:-1] != NAT) & (start[1:] - start[:-1] > silence))
    return np.cumsum(new)


def _same_ghost(
    events: ProcessEvents, child: IntArray, parent_group: IntArray, last_owner: IntArray, era: IntArray
) -> tuple[IntArray, IntArray]:
    """Return a number of the unrecorded parent of each child, and the first child of each number.

    Two children have the same one if they give the same GUID; else the same id and start; else the same id, image
    and command line with no recorded owner of that id and no long silence between them.
    """
    guid, start = events.parent_guid[child], events.parent_start[child]
    by_guid, by_start = guid >= 0, (guid < 0) & (start != NAT)
    loose = ~by_guid & ~by_start
    columns = (
        events.host[child],
        guid,
        np.where(by_guid, -1, parent_group),
        np.where(by_start, start, -1),
        np.where(loose, last_owner, -1),
        np.where(loose, era, -1),
        np.where(loose, events.parent_image[child], -1),
        np.where(loose, events.parent_command[child], -1),
    )
    codes: IntArray = np.zeros(len(child), dtype=np.int64)
    for column in columns:
        part, uniques = pd.factorize(column)
        if len(uniques) > 1:
            codes = pd.factorize(codes * len(uniques) + part)[0]
    firsts = np.flatnonzero(~pd.Series(codes).duplicated().to_numpy())
    return codes, firsts


def _differ(first: npt.NDArray[np.int32], second: npt.NDArray[np.int32]) -> BoolArray:
    return np.asarray((first >= 0) & (second >= 0) & (first != second), dtype=np.bool_)


def _agree(first: npt.NDArray[np.int32], second: npt.NDArray[np.int32]) -> BoolArray:
    return np.asarray((first >= 0) & (first == second), dtype=np.bool_)
