"""From a frame to a forest, whatever the frame is like."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.processes import build_process_tree
from huntbook.errors import DataError, OptionError
from huntbook.simulated.processes import processes


@pytest.fixture(scope="module")
def fleet():
    """Give a small simulated fleet."""
    return processes(hosts=5, hours=3.0, seed=11)


def links(forest):
    """Return the parents by the rows of the source, whatever their order there."""
    row = forest.source["TrueProcess"].to_numpy()
    known = np.flatnonzero(~forest.inferred)
    above = forest.parent[known]
    parents = np.where((above >= 0) & ~forest.inferred[above], row[forest.source_row[above]], -1)
    return dict(zip(row[forest.source_row[known]].tolist(), parents.tolist(), strict=True))


def test_the_input_is_never_changed(fleet):
    """Neither cells nor columns nor index."""
    before = fleet.copy()
    build_process_tree(fleet)
    pd.testing.assert_frame_equal(fleet, before)


def test_later_changes_of_the_input_do_not_reach_the_forest(fleet):
    """A column added to the caller's frame isn't the forest's."""
    frame = fleet.copy()
    forest = build_process_tree(frame)
    frame["new"] = 1
    assert "new" not in forest.source.columns


def test_order_index_and_repetition_make_no_difference(fleet):
    """Shuffled rows, a duplicated index and rows that are there twice give the same links."""
    wanted = links(build_process_tree(fleet))
    shuffled = pd.concat([fleet, fleet.head(50)]).sample(frac=1.0, random_state=1)
    shuffled.index = [0] * len(shuffled)
    forest = build_process_tree(shuffled)
    assert links(forest) == wanted
    assert forest.summary().duplicates == int((fleet.head(50)["EventID"] == 4688).sum())


def test_hosts_can_be_built_one_by_one(fleet):
    """Parentage never crosses a host, so a grouped build gives what the whole gives."""
    whole = links(build_process_tree(fleet))
    parts = {}
    for _, part in fleet.groupby("Computer"):
        parts |= links(build_process_tree(part, "windows_4688"))
    assert parts == whole


def test_nulls_in_any_column_leave_the_rest_right(fleet):
    """A tenth of any column empty: no crash, and links that are made are still never across hosts."""
    for column in [
        "NewProcessName",
        "NewProcessId",
        "ProcessId",
        "ParentProcessName",
        "TimeGenerated",
        "Computer",
        "CommandLine",
    ]:
        frame = fleet.copy()
        frame.loc[frame.sample(frac=0.1, random_state=3).index, column] = None
        forest = build_process_tree(frame)
        linked = np.flatnonzero(forest.parent >= 0)
        assert (forest.host[linked] == forest.host[forest.parent[linked]]).all()


def test_rows_that_name_no_process_are_left_out_and_counted(fleet):
    """Neither image nor id: such a row is no process."""
    frame = fleet[fleet["EventID"] == 4688].copy()
    frame.loc[frame.index[:7], ["NewProcessName", "NewProcessId"]] = None
    assert build_process_tree(frame).summary().dropped == 7


def test_a_frame_without_rows_is_refused(fleet):
    """An empty frame is an error that says so."""
    with pytest.raises(DataError) as caught:
        build_process_tree(fleet.head(0))
    assert str(caught.value) == (
        f"The frame is empty (0 rows, {len(fleet.columns)} columns), so there is nothing to draw. "
        "Check the query's time range and filters."
    )


def test_a_frame_whose_rows_name_nothing_is_refused(make, named):
    """Rows, but nothing in the columns that say what a process is."""
    with pytest.raises(DataError) as caught:
        build_process_tree(make(("a", None, 1, 0, None, "x")), named)
    assert str(caught.value) == (
        "The frame has 1 rows but no process start: none has a value in 'name' or 'pid'."
    )


def test_an_id_beyond_any_system_is_named(make, named):
    """Another kind of identifier in the id's column is told where it belongs."""
    with pytest.raises(DataError) as caught:
        build_process_tree(make(("a", 1, 0, 0, "x", "y"), ("a", 2**40, 1, 1, "x", "y")), named)
    assert str(caught.value) == (
        "Column 'pid', row 1 (counted from 0): 1099511627776 is too big for a process id (they end at 4,294,967,295). "
        "Is it another kind of identifier? Then use process_guid and parent_guid."
    )


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("soon", "clock_skew='soon' is not a duration. Give one such as '1s' or '500ms'."),
        ("-1s", "clock_skew='-1s' must be a duration of zero or more, such as '1s' or '500ms'."),
        (pd.NaT, "clock_skew=NaT must be a duration of zero or more, such as '1s' or '500ms'."),
    ],
)
def test_a_tolerance_that_is_none_is_refused(make, named, bad, said):
    """The option and its value, and what would do."""
    with pytest.raises(OptionError) as caught:
        build_process_tree(make(("a", 1, 0, 0, "x", "y")), named, clock_skew=bad)
    assert str(caught.value) == said


def test_rows_without_a_host_are_one_host_without_a_name(make, named):
    """They link among each other, and to no process of a host that has a name."""
    frame = make((None, 1, 0, 0, "init", None), ("a", 1, 0, 1, "init", None), (None, 7, 1, 2, "sh", "init"))
    forest = build_process_tree(frame, named)
    assert forest.source_row[forest.parent[forest.source_row == 2]].tolist() == [0]
    assert sorted(forest.hosts) == ["", "a"]


def test_the_simulated_fleet_is_linked_as_it_was(fleet):
    """Against the truth: 99.9 % of all processes right (a recorded parent found, or none where none was recorded)."""
    got = links(build_process_tree(fleet))
    starts = fleet[fleet["EventID"] == 4688]
    recorded = set(starts["TrueProcess"])
    wanted = {
        child: parent if parent in recorded else -1
        for child, parent in zip(starts["TrueProcess"], starts["TrueParent"], strict=True)
    }
    wrong = sum(got[child] != parent for child, parent in wanted.items())
    assert wrong <= len(wanted) / 1_000
