"""The obvious slow way to find a parent: look at every other process, one by one."""

from __future__ import annotations


def parent_of(child, processes, *, skew):
    """Return the place of the parent of `child` among `processes`, or None.

    A process is a dict: host, pid, ppid, start, end, name, parent, cmd, pcmd, guid, pguid; all but the host may be None.
    `processes` are distinct and in order of start, unknown starts first.
    """
    me = processes[child]
    if same(me["pid"], me["ppid"]) or same(me["guid"], me["pguid"]):
        return None
    home = [place for place, other in enumerate(processes) if other["host"] == me["host"]]
    by_guid = [place for place in home if same(processes[place]["guid"], me["pguid"])]
    if by_guid:
        return by_guid[0]

    def fits(place):
        return place != child and not refuted(me, processes[place], skew=skew)

    by_id = through_id(
        me, [place for place in home if same(processes[place]["pid"], me["ppid"])], processes, fits, skew
    )
    if by_id is not None:
        return by_id
    return through_command(me, home, processes, fits)


def same(one, other):
    """Whether two fields say the same; nothing says nothing."""
    return one is not None and one == other


def differ(one, other):
    """Whether two fields contradict each other."""
    return one is not None and other is not None and one != other


def refuted(me, other, *, skew):
    """Whether a field of the child says that the other is not its parent."""
    ended = other["end"] is not None and me["start"] is not None and other["end"] < me["start"] - skew
    told = (("parent", "name"), ("pcmd", "cmd"), ("pguid", "guid"))
    return ended or any(differ(me[mine], other[its]) for mine, its in told)


def through_id(me, holders, processes, fits, skew):
    """Look through the holders of the parent's id, in order of start."""
    if me["start"] is None:
        return holders[0] if len(holders) == 1 and fits(holders[0]) else None
    start = {place: processes[place]["start"] for place in holders}
    earlier = [place for place in holders if start[place] is None or start[place] <= me["start"]]
    later = [place for place in holders if place not in earlier and start[place] <= me["start"] + skew][:1]
    at_home = [other for other in processes if other["host"] == me["host"]]
    exits_recorded = sum(other["end"] is not None for other in at_home) * 2 > len(at_home)
    if later and exits_recorded and me["parent"] is not None and fits(later[0]):
        surely = earlier and fits(earlier[-1]) and processes[earlier[-1]]["end"] is not None
        if not surely:
            return later[0]
    for place in reversed(earlier):
        if fits(place):
            return place
        if start[place] is None or start[place] < me["start"] - skew:
            break
    return later[0] if later and fits(later[0]) else None


def through_command(me, home, processes, fits):
    """Look at the last recorded process without an id that has the parent's command line."""
    if me["start"] is None or me["parent"] is None or me["pcmd"] is None:
        return None
    lost = [
        place
        for place in home
        if (other := processes[place])["pid"] is None
        and other["name"] is not None
        and other["start"] is not None
        and other["start"] <= me["start"]
        and same(other["cmd"], me["pcmd"])
    ]
    return lost[-1] if lost and fits(lost[-1]) else None
