"""Who started whom, and by which proof."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huntbook.compute.processes import Confidence, LinkRule, build_process_tree, linking
from huntbook.compute.processes.columns import NAT
from huntbook.simulated.processes import processes

_SPEC = importlib.util.spec_from_file_location("reference", Path(__file__).with_name("reference.py"))
reference = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(reference)


def parents(forest):
    """Return for every recorded row the row of its parent, "ghost", or None."""
    found = {}
    for node in np.flatnonzero(~forest.inferred):
        above = forest.parent[node]
        kind = None if above < 0 else "ghost" if forest.inferred[above] else int(forest.source_row[above])
        found[int(forest.source_row[node])] = kind
    return [found.get(row) for row in range(len(forest.source))]


def rules(forest):
    """Return the rule of every recorded row."""
    order = np.argsort(forest.source_row[~forest.inferred])
    return [LinkRule(rule) for rule in forest.link[~forest.inferred][order]]


def maybe(*values):
    """Draw one of the values, or nothing."""
    return st.none() | st.sampled_from(values)


process = st.fixed_dictionaries(
    {
        "host": st.sampled_from("ab"),
        "pid": maybe(1, 2, 3, 4),
        "ppid": maybe(1, 2, 3, 4),
        "start": st.none() | st.integers(0, 12),
        "life": st.none() | st.integers(0, 6),
        "name": maybe(*"xyz"),
        "parent": maybe(*"xyz"),
        "cmd": maybe("x -a", "y"),
        "pcmd": maybe("x -a", "y"),
        "known": st.booleans(),
        "tells": st.none() | st.integers(0, 13),
    }
)


@st.composite
def fleets(draw):
    """Draw processes of two hosts, in order of start: ids used again and lost, exits lost, times unknown, some GUIDs."""
    once = st.lists(process, min_size=1, max_size=14, unique_by=lambda p: (p["host"], p["pid"], p["start"]))
    fleet = sorted(draw(once), key=lambda p: (p["start"] is not None, p["start"]))
    for number, one in enumerate(fleet):
        life, start = one.pop("life"), one["start"]
        one["end"] = None if life is None or start is None else start + life
        one["name"] = "x" if one["pid"] is None and one["name"] is None else one["name"]
        one["guid"] = f"{{{number}a}}" if one.pop("known") else None
    for one in fleet:
        tells = one.pop("tells")
        one["pguid"] = fleet[tells]["guid"] if tells is not None and tells < len(fleet) else None
    return fleet


def frame_of(fleet):
    """Return the frame that a recorder would write."""
    begin = pd.Timestamp("2026-01-01")
    frame = pd.DataFrame(fleet)
    frame["when"] = begin + pd.to_timedelta(pd.to_numeric(frame["start"]), unit="s")
    frame["until"] = begin + pd.to_timedelta(pd.to_numeric(frame["end"]), unit="s")
    return frame


WHOLE = {
    "process_name": "name", "process_id": "pid", "parent_id": "ppid", "parent_name": "parent",
    "time_stamp": "when", "exit_time": "until", "host_name_column": "host", "cmd_line": "cmd",
    "parent_cmd_line": "pcmd", "process_guid": "guid", "parent_guid": "pguid",
}  # fmt: skip


@settings(max_examples=150)
@given(fleets(), st.integers(0, 2))
def test_links_are_those_of_the_slow_reference(fleet, skew):
    """On random small fleets every link is what the obvious loop finds, and none crosses hosts."""
    forest = build_process_tree(frame_of(fleet), WHOLE, clock_skew=f"{skew}s")
    wanted = [reference.parent_of(place, fleet, skew=skew) for place in range(len(fleet))]
    for row in forest.source_row[(forest.link == LinkRule.CUT) & ~forest.inferred]:
        wanted[row] = None
    assert [row if isinstance(row, int) else None for row in parents(forest)] == wanted
    linked = np.flatnonzero(forest.parent >= 0)
    assert (forest.host[linked] == forest.host[forest.parent[linked]]).all()


@settings(max_examples=60)
@given(fleets(), st.integers(0, 9))
def test_order_and_repetition_make_no_difference_to_links(fleet, seed):
    """Rows shuffled, some there twice: the same parents, and as many duplicates as there are."""
    frame = frame_of(fleet)
    frame["place"] = range(len(frame))
    # Those with one start have no order of their own but that of the rows.
    moment = frame.groupby("when", dropna=False).ngroup()
    frame["moved"] = np.random.default_rng(seed).permutation(len(frame))[moment]
    twice = pd.concat([frame, frame.sample(3, replace=True, random_state=seed)])
    mixed = twice.sort_values(["moved", "place"])
    forest = build_process_tree(mixed.set_axis([0] * len(mixed)), WHOLE)
    assert forest.summary().duplicates == 3
    place = mixed["place"].to_numpy()
    got = {
        int(place[row]): int(place[parent]) if isinstance(parent, int) else parent
        for row, parent in enumerate(parents(forest))
        if row in set(forest.source_row)
    }
    assert got == dict(enumerate(parents(build_process_tree(frame, WHOLE))))


@settings(max_examples=60)
@given(fleets())
def test_each_host_by_itself_is_linked_as_among_the_others(fleet):
    """What other hosts record has no say in a host's links: that is why a fleet can be built host by host."""
    whole = dict(enumerate(parents(build_process_tree(frame_of(fleet), WHOLE))))
    for host in {one["host"] for one in fleet}:
        home = [place for place, one in enumerate(fleet) if one["host"] == host]
        alone = parents(build_process_tree(frame_of([fleet[place] for place in home]), WHOLE))
        there = [home[row] if isinstance(row, int) else row for row in alone]
        assert there == [whole[place] for place in home]


def test_a_parent_is_never_taken_from_another_host(make, named):
    """The same ids and names on two hosts: every child stays at home."""
    frame = make(
        ("a", 1, 0, 0, "init", "k"),
        ("b", 1, 0, 1, "init", "k"),
        ("a", 7, 1, 2, "sh", "init"),
        ("b", 7, 1, 3, "sh", "init"),
    )
    assert parents(build_process_tree(frame, named)) == ["ghost", "ghost", 0, 1]


def test_a_host_with_and_without_its_domain_is_one_host(make, named):
    """Recorders write either, and only one domain has a web1; two domains with a db1 keep theirs apart."""
    frame = make(
        ("WEB1.example.org", 1, 0, 0, "init", "k"),
        ("web1", 7, 1, 2, "sh", "init"),
        ("db1.a.org", 1, 0, 0, "init", "k"),
        ("db1.b.org", 7, 1, 2, "sh", "init"),
    )
    assert parents(build_process_tree(frame, named)) == ["ghost", 0, "ghost", "ghost"]


def test_a_reused_id_belongs_to_its_last_owner(make, named):
    """The child of the second holder of an id isn't given to the first."""
    frame = make(("a", 5, 1, 0, "sh", "init"), ("a", 5, 1, 100, "sh", "init"), ("a", 9, 5, 200, "ls", "sh"))
    assert parents(build_process_tree(frame, named))[2] == 1


def test_a_reused_id_with_another_image_refutes_the_earlier_owner(make, named):
    """Once the id has gone to another program, the first one with the right name is dead."""
    frame = make(("a", 5, 1, 0, "sh", "init"), ("a", 5, 1, 100, "vi", "init"), ("a", 9, 5, 200, "ls", "sh"))
    assert parents(build_process_tree(frame, named))[2] == "ghost"


def test_a_process_that_has_ended_starts_nothing(make, named):
    """An exit before the child's start refutes the only candidate."""
    frame = make(("a", 5, 1, 0, "sh", "init"), ("a", 9, 5, 200, "ls", "sh"))
    frame["until"] = pd.to_datetime(["2026-01-01 00:01:00", None])
    assert parents(build_process_tree(frame, {**named, "exit_time": "until"}))[1] == "ghost"


def test_another_command_line_of_the_parent_refutes_a_candidate(make, named):
    """Same id, same image, alive: still not the parent if the child's row gives it another command line."""
    frame = make(("a", 5, 1, 0, "sh", "init"), ("a", 9, 5, 2, "ls", "sh"), ("a", 10, 5, 3, "ls", "sh"))
    frame["cmd"], frame["parent_cmd"] = ["sh -c one", "ls", "ls"], ["init", "sh -c ONE ", "sh -c two"]
    forest = build_process_tree(frame, {**named, "cmd_line": "cmd", "parent_cmd_line": "parent_cmd"})
    assert parents(forest) == ["ghost", 0, "ghost"]
    assert Confidence(forest.confidence[forest.source_row == 1][0]) is Confidence.STRONG


def test_guids_decide_over_everything_else(make, named):
    """With the recorder's identifiers, ids and names have no say."""
    frame = make(("a", 5, 1, 0, "sh", "init"), ("a", 5, 1, 1, "sh", "init"), ("a", 9, 5, 2, "ls", "sh"))
    frame["guid"], frame["above"] = ["{1-A}", "{2-B}", "{3-C}"], ["{00000000-0000}", "{0}", "{1-a}"]
    forest = build_process_tree(frame, {**named, "process_guid": "guid", "parent_guid": "above"})
    assert parents(forest)[2] == 0
    assert rules(forest)[2] is LinkRule.GUID


def test_a_guid_that_was_not_recorded_is_a_ghost(make, named):
    """If the row gives an identifier that nobody has, a process with the right id and name isn't the parent."""
    frame = make(("a", 5, 1, 0, "sh", "init"), ("a", 9, 5, 2, "ls", "sh"))
    frame["guid"], frame["above"] = ["{1-A}", "{3-C}"], [None, "{9-f}"]
    forest = build_process_tree(frame, {**named, "process_guid": "guid", "parent_guid": "above"})
    assert parents(forest)[1] == "ghost"


def test_the_parents_start_time_tells_owners_of_an_id_apart(make, named):
    """The row gives the parent's start to the microsecond: that owner, though a later one fits too."""
    frame = make(("a", 5, 1, 0, "sh", "init"), ("a", 5, 1, 50, "sh", "init"), ("a", 9, 5, 100, "ls", "sh"))
    frame["above"] = [None, None, pd.Timestamp("2026-01-01 00:00:00.000004")]
    forest = build_process_tree(frame, {**named, "parent_time": "above"})
    assert (parents(forest)[2], rules(forest)[2]) == (0, LinkRule.START)


def test_a_lost_id_is_made_up_for_by_the_command_line(make, named):
    """A parent whose own id was lost is still known by image and command line, with little confidence."""
    frame = make(("a", None, 1, 0, "sh", "init"), ("a", 9, 5, 2, "ls", "sh"))
    frame["cmd"], frame["parent_cmd"] = ["sh -c x", "ls"], ["init", "sh -c x"]
    forest = build_process_tree(frame, {**named, "cmd_line": "cmd", "parent_cmd_line": "parent_cmd"})
    assert (parents(forest)[1], rules(forest)[1]) == (0, LinkRule.COMMAND)
    assert forest.confidence[forest.source_row == 1] == Confidence.WEAK


def test_a_self_parent_is_cut_and_counted(make, named):
    """A process that names itself as parent becomes a root, and the rest of the tree stays whole."""
    frame = make(("a", 5, 5, 0, "sh", "sh"), ("a", 9, 5, 2, "ls", "sh"), ("a", 10, 9, 3, "cat", "ls"))
    forest = build_process_tree(frame, named)
    assert parents(forest) == [None, 0, 1]
    assert forest.summary().self_parents == 1


def test_a_cycle_is_cut_at_its_first_process_and_counted(make, named):
    """Two processes that name each other within the clocks' tolerance: one link goes, nothing is lost."""
    frame = make(("a", 5, 9, 0.0, "x", "y"), ("a", 9, 5, 0.5, "y", "x"))
    forest = build_process_tree(frame, named)
    assert parents(forest) == [None, 0]
    assert forest.summary().cycles == 1


def test_a_parent_later_than_its_child_is_reported(make, named):
    """Within the tolerance the link is made, marked weak and counted; beyond it there is a ghost."""
    frame = make(("a", 9, 5, 1.0, "ls", "sh"), ("a", 5, 1, 1.4, "sh", "init"))
    forest = build_process_tree(frame, named)
    assert (parents(forest)[0], forest.summary().skewed) == (1, 1)
    assert forest.confidence[forest.source_row == 0] == Confidence.WEAK
    assert parents(build_process_tree(frame, named, clock_skew="100ms"))[0] == "ghost"


def test_a_link_over_a_long_silence_is_weak(make, named):
    """If the host recorded nothing for a day, ids may have changed hands in the meantime."""
    frame = make(("a", 5, 1, 0, "sh", "init"), ("a", 9, 5, 90_000, "ls", "sh"))
    forest = build_process_tree(frame, named)
    assert forest.confidence[forest.source_row == 1] == Confidence.WEAK


def test_nothing_is_linked_over_more_than_a_week_of_silence(make, named):
    """Same id, image and command line: still nobody can say that the host is the same; nor are two ghosts one."""
    week = 7 * 86_400 + 1
    frame = make(("a", 5, 1, 0, "sh", "init"), ("a", 9, 5, week, "ls", "sh"), ("a", 7, 1, week, "sh", "init"))
    forest = build_process_tree(frame, named)
    assert parents(forest) == ["ghost"] * 3
    assert forest.summary().inferred == 3


def test_children_of_one_unrecorded_parent_share_one_ghost(make, named):
    """The ghost has the name and id that its children give, and no invented time."""
    frame = make(("a", 9, 5, 1, "ls", "sh"), ("a", 10, 5, 2, "cat", "sh"), ("a", 11, 6, 3, "cat", "sh"))
    forest = build_process_tree(frame, named)
    ghost = forest.parent[forest.source_row == 0][0]
    assert forest.parent[forest.source_row == 1][0] == ghost != forest.parent[forest.source_row == 2][0]
    assert (forest.names()[ghost], forest.pid[ghost], forest.start[ghost]) == ("sh", 5, NAT)


def test_a_root_that_names_no_parent_has_no_ghost(make, named):
    """Parent id 0 without a name is no process."""
    forest = build_process_tree(make(("a", 1, 0, 1, "init", None)), named)
    assert (len(forest), rules(forest)) == (1, [LinkRule.NONE])


@pytest.mark.parametrize("pooled", [False, True])
def test_recorded_parents_of_real_recordings_are_found_without_their_guids(recordings, pooled):
    """Scored against Sysmon's own identifiers, hidden from the linker: every recorded parent right, none false."""
    frames = list(recordings.values())
    for frame in [pd.concat(frames, ignore_index=True)] if pooled else frames:
        # One recorder lost the ids of its processes altogether; the column is then missing, not only empty.
        hidden = frame.drop(columns=["ProcessGuid", "ParentProcessGuid"])
        forest = build_process_tree(
            hidden if "ProcessId" in hidden else hidden.assign(ProcessId=None), "sysmon"
        )
        rows = forest.source_row[~forest.inferred]
        guid, above = frame["ProcessGuid"].to_numpy(), frame["ParentProcessGuid"].to_numpy()
        recorded = set(guid[rows])
        got = parents(forest)
        for row in rows:
            found = guid[got[row]] if isinstance(got[row], int) else None
            assert found == (above[row] if above[row] in recorded else None)


def test_hosts_in_blocks_are_linked_as_all_at_once(monkeypatch):
    """Blocks keep big fleets in a processor's cache; where they are cut makes no difference."""
    fleet = processes(hosts=9, hours=2.0, seed=5)
    whole = build_process_tree(fleet)
    monkeypatch.setattr(linking, "_BLOCK", 100)
    cut = build_process_tree(fleet)
    for name in ("parent", "link", "confidence", "inferred", "source_row"):
        assert (getattr(cut, name) == getattr(whole, name)).all()
    assert cut.counts == whole.counts


def test_an_exit_ends_the_last_owner_of_the_id(make, named):
    """The first owner's exit was lost: that of the second doesn't say how long the first lived."""
    frame = make(("a", 5, 1, 0, "sh", "init"), ("a", 5, 1, 100, "vi", "init"), ("a", 5, 1, 200, None, None))
    frame["kind"] = [1, 1, 2]
    kinds = {"event_id_column": "kind", "event_id_identifier": 1, "exit_event_identifier": 2}
    forest = build_process_tree(frame, {**named, **kinds})
    ends = forest.to_frame().query("source_row >= 0").set_index("source_row")["end"]
    assert ends.isna().tolist() == [True, False]
    assert ends[1] == pd.Timestamp("2026-01-01 00:03:20", tz="UTC")
