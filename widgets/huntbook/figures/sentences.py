"""Timelines in words: what is shown and what is not, with exact totals, and what stands out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntbook.compute.events import BUDGET
from huntbook.compute.times import stretch
from huntbook.figures.text import column_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huntbook.compute.events import Events
    from huntbook.compute.lanes import Lanes
    from huntbook.compute.rhythm import Rhythm
    from huntbook.compute.timeline import Timeline


def describe_timelines(every: Sequence[Timeline], *, overlay: bool) -> str:
    """Say what a timeline shows; with `overlay`, the last of `every` is laid over the first."""
    main = every[:-1] if overlay else every
    parts = _one(main[0].events) if len(main) == 1 else _several([each.events for each in main])
    if overlay:
        parts.append(f"{_count(len(every[-1].events), 'event')} in the overlay")
    if missing := sum(each.without_time for each in every):
        parts.append(f"{missing:,} rows have no time and are not drawn")
    return "; ".join(parts)


def describe_rhythm(rhythm: Rhythm, *, what: str = "event") -> str:
    """Say the bursts and gaps of `what`; nothing where there are none."""
    parts = []
    if rhythm.bursts:
        most = max(rhythm.bursts, key=lambda burst: burst.rows)
        parts.append(
            f"{_largest(rhythm.all_bursts, 'burst')}: {_count(most.rows, what)} from "
            f"{stretch(most.start, most.end)}, {most.ratio:,.0f} times the usual rate"
        )
    if rhythm.gaps:
        longest = max(rhythm.gaps, key=lambda gap: gap.end - gap.start)
        parts.append(
            f"{_largest(rhythm.all_gaps, 'gap')}: no {what} from {stretch(longest.start, longest.end)}"
        )
    return "; ".join(parts)


def shown_groups(lanes: Lanes) -> str:
    """Say what the groups are, how many are shown, and of how many; nothing where there are none."""
    if not lanes.columns:
        return ""
    own = lanes.distinct - lanes.rest
    return f" by {column_label(lanes.column)} ({f'{own:,} of ' if lanes.rest else ''}{lanes.distinct:,})"


def _one(events: Events) -> list[str]:
    lanes = events.lanes
    parts = [f"{_count(len(events), 'event')}{shown_groups(lanes)}, {stretch(events.start, events.end)}"]
    if lanes.rest:
        share = _share(int(lanes.totals[-1]), len(events))
        groups = "other group" if lanes.rest == 1 else f"other {lanes.rest:,} groups"
        parts.append(f"the {groups}, {share} of the events, share the last lane")
    return parts + describe_marked([events])


def _share(part: int, whole: int) -> str:
    """Return a part in words; no part that is there is 0 %, and none that is not all is 100 %."""
    if part == whole:
        return "all"
    percent = round(100 * part / whole)
    if percent in {0, 100}:
        return "over 99 %" if percent else "below 1 %"
    return f"{percent} %"


def _several(every: Sequence[Events]) -> list[str]:
    start, end = min(events.start for events in every), max(events.end for events in every)
    total = sum(len(events) for events in every)
    head = f"{_count(total, 'event')} in {len(every):,} series, {stretch(start, end)}"
    return [head, *describe_marked(every)]


def describe_marked(every: Sequence[Events], *, what: str = "event") -> list[str]:
    """Say how many of `what` are flagged and how many rare; nothing where there are none."""
    parts = []
    if flagged := sum(events.flagged_total for events in every):
        each = ", a mark for the first of each moment" if flagged > BUDGET else ""
        parts.append(f"{flagged:,} flagged{each}")
    if rare := sum(events.rare_total for events in every):
        parts.append(
            f"1 rare {what} drawn by itself" if rare == 1 else f"{rare:,} rare {what}s drawn one by one"
        )
    return parts


def _count(number: int, word: str) -> str:
    return f"1 {word}" if number == 1 else f"{number:,} {word}s"


def _largest(number: int, word: str) -> str:
    return f"1 {word}" if number == 1 else f"{number:,} {word}s, the largest"
