"""What notebooks written for MSTICPy read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.processes import build_process_tree, compat
from huntbook.errors import DataError

# What MSTICPy 3.0.2 counts: processes, roots, leaves, branches, depth.
PEER = {
    "win_4688_procs": (1010, 10, 815, 185, 7),
    "processes_on_host": (369, 6, 279, 84, 5),
    "linux_auditd_procs": (1029, 29, 497, 503, 5),
    "winproctree-minimal": (126, 10, 97, 19, 7),
    "mde_internal_procs": (1642, 9, 1177, 456, 16),
    "mde_public_deviceprocessevents": (266, 3, 200, 63, 10),
}
# Where ours differ; the two tests below say why. In memory images process 0, which no process is, has no ghost.
OURS = {
    "winproctree-minimal": (125, 10, 97, 18, 7),
    "mde_internal_procs": (1642, 9, 1181, 452, 16),
    "mde_public_deviceprocessevents": (264, 2, 200, 62, 10),
}


def events_of(shared_data, name):
    """Read a frame of real events, or skip and say which is not here."""
    path = shared_data / f"{name}.parquet"
    if not path.exists():
        pytest.skip(f"the real events {path.name} are not in ../shared/data")
    return pd.read_parquet(path)


@pytest.fixture(scope="module")
def procs(shared_data):
    """Give the tree of the Windows events."""
    return build_process_tree(pd.read_parquet(shared_data / "win_4688_procs.parquet")).to_frame(msticpy=True)


@pytest.mark.parametrize("file", PEER)
def test_totals_are_those_of_msticpy(shared_data, file):
    """On six real frames both count the same, but for three where the rows speak for ours."""
    procs = build_process_tree(events_of(shared_data, file)).to_frame(msticpy=True)
    names = ("Processes", "RootProcesses", "LeafProcesses", "BranchProcesses", "LargestTreeDepth")
    assert tuple(compat.get_summary_info(procs)[name] for name in names) == OURS.get(file, PEER[file])


def test_created_processes_hang_below_the_parent_that_their_row_names(shared_data):
    """Eight were started for another process; MSTICPy hangs them below that one, whatever the row's parent is."""
    frame = events_of(shared_data, "mde_internal_procs")
    forest = build_process_tree(frame)
    recorded = np.flatnonzero(~forest.inferred)
    rows = frame.iloc[forest.source_row[recorded]]
    above = forest.parent[recorded]
    assert (forest.pid[above] == rows["CreatedProcessParentId"]).all()
    told = pd.to_datetime(rows["CreatedProcessParentCreationTimeUtc"], format="ISO8601", utc=True)
    assert (abs(forest.to_frame(above)["start"].to_numpy() - told.to_numpy()) < pd.Timedelta("1ms")).all()
    elsewhere = rows["CreatedProcessParentId"] != rows["InitiatingProcessId"]
    assert int(elsewhere.sum()) == 8


def test_one_kernel_is_one_process_and_none_started_in_1970(shared_data):
    """Defender calls process 4 System or ntoskrnl.exe; MSTICPy takes it for two, and adds a process 0 of 1970."""
    forest = build_process_tree(events_of(shared_data, "mde_public_deviceprocessevents"))
    assert (forest.pid == 4).sum() == 1
    assert (forest.pid != 0).all()


def test_relatives_agree_with_each_other(procs):
    """Every child's parent, root and ancestors lead back to where it came from."""
    root = compat.get_roots(procs).iloc[0]
    tree = compat.get_root_tree(procs, root)
    child = compat.get_children(procs, root, include_source=False).iloc[0]
    assert compat.get_parent(procs, child).name == root.name == compat.get_root(procs, child).name
    assert compat.get_parent(procs, root) is None
    assert compat.get_ancestors(procs, child).index.tolist() == [root.name, child.name]
    assert len(compat.get_descendents(procs, root, include_source=False)) == len(tree) - 1
    assert len(compat.get_descendents(procs, root, max_levels=1)) == len(compat.get_children(procs, root))
    assert child.name not in compat.get_siblings(procs, child, include_source=False).index


def test_siblings_of_a_root_are_the_other_roots(procs):
    """No error where the peer raises one."""
    root = compat.get_roots(procs).iloc[0]
    assert len(compat.get_siblings(procs, root)) == 10


def test_keys_are_unique_and_say_the_host(procs):
    """One key a process; inferred ones have no invented time."""
    assert procs.index.is_unique
    assert procs.index.str.startswith("MSTICAlertsWin1|").all()
    assert procs[procs["inferred"]].index.str.endswith("|NaT").all()


def test_a_key_that_is_not_there_is_an_error(procs):
    """The message shows what a key is like."""
    with pytest.raises(DataError) as caught:
        compat.get_children(procs, "x")
    assert str(caught.value) == (
        f"source='x' is no process key of this frame. Keys are in its index, such as {procs.index[0]!r}."
    )


def test_a_tree_cut_from_a_larger_one_says_so(procs):
    """The root of a process that was left out can't be found."""
    child = procs[procs["IsLeaf"]].head(1)
    with pytest.raises(DataError) as caught:
        compat.get_root(child, child.index[0])
    root = child["path"].iloc[0].split("/")[0]
    assert str(caught.value) == (
        f"The frame has no process with source_index '{root}': was it cut from a larger tree?"
    )


def test_a_frame_of_something_else_is_refused():
    """The column that is missing is named."""
    with pytest.raises(ValueError, match="process tree='parent_key': the frame has no such column"):
        compat.get_roots(pd.DataFrame({"a": [1]}))
