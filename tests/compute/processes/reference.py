"""The obvious slow way to find a parent: look at every other process, one by one."""

from __future__ import annotations

NAT = None


def parent_of(child, processes, *, skew):
    """Return the place of the parent of `child` among `processes`, or None.

    A process is a dict: host, pid, ppid, start, end (or None), name, parent (name or None). `processes` are distinct
    and in order of start.
    """
    me = processes[child]
    if me["pid"] == me["ppid"]:
        return None
    holders = [
        place
        for place, other in enumerate(processes)
        if other["host"] == me["host"] and other["pid"] == me["ppid"]
    ]

    def fits(place):
        other = processes[place]
        same_name = me["parent"] is None or other["name"] == me["parent"]
        ended = other["end"] is not None and other["end"] < me["start"] - skew
        return place != child and same_name and not ended

    earlier = [place for place in holders if processes[place]["start"] <= me["start"]]
    later = [place for place in holders if me["start"] < processes[place]["start"] <= me["start"] + skew][:1]
    at_home = [other for other in processes if other["host"] == me["host"]]
    exits_recorded = sum(other["end"] is not None for other in at_home) * 2 > len(at_home)
    if later and exits_recorded and me["parent"] is not None and fits(later[0]):
        surely = earlier and fits(earlier[-1]) and processes[earlier[-1]]["end"] is not None
        if not surely:
            return later[0]
    for place in reversed(earlier):
        if fits(place):
            return place
        if processes[place]["start"] < me["start"] - skew:
            break
    return later[0] if later and fits(later[0]) else None
