"""The simulated fleet is what it says."""

from __future__ import annotations

import pandas as pd
import pytest

from huntbook.errors import OptionError
from huntbook.simulated.processes import processes


@pytest.fixture(scope="module")
def fleet():
    """Give a fleet."""
    return processes(hosts=8, hours=6.0, seed=2)


def test_the_same_seed_gives_the_same_frame(fleet):
    """And another seed another."""
    pd.testing.assert_frame_equal(fleet, processes(hosts=8, hours=6.0, seed=2))
    assert not fleet.equals(processes(hosts=8, hours=6.0, seed=3))


def test_ids_are_reused_but_never_shared():
    """Many ids have several owners on a host, one after the other: the next starts after the last has ended."""
    fleet = processes(hosts=2, hours=24.0, seed=4)
    starts = fleet[(fleet["EventID"] == 4688) & ~fleet["Attack"]]
    ends = fleet[fleet["EventID"] == 4689].set_index("TrueProcess")["TimeGenerated"]
    owners = starts.groupby(["Computer", "NewProcessId"], sort=False)
    assert (owners.size() > 1).mean() > 0.2
    ended = starts["TrueProcess"].map(ends).groupby([starts["Computer"], starts["NewProcessId"]]).shift()
    late = (ended > starts["TimeGenerated"] + pd.Timedelta("250ms")).sum()
    assert late == 0


def test_some_parents_are_missing_and_some_exits(fleet):
    """Hosts that were started before the record leave gaps, as in real recordings."""
    starts = fleet[fleet["EventID"] == 4688]
    missing = ~starts["TrueParent"].isin(starts["TrueProcess"])
    assert 0.1 < missing.mean() < 0.6


@pytest.mark.parametrize("hosts", [1, 3])
def test_the_attack_is_marked_and_can_be_left_out(hosts):
    """Eleven events on at most two hosts; none without it."""
    attacked = processes(hosts=hosts, hours=2.0, seed=1)
    assert int(attacked["Attack"].sum()) == 11
    assert attacked.loc[attacked["Attack"], "Computer"].nunique() == min(hosts, 2)
    assert not processes(hosts=hosts, hours=2.0, seed=1, attack=False)["Attack"].any()


def test_no_hosts_are_refused():
    """The options and their values."""
    with pytest.raises(OptionError) as caught:
        processes(hosts=0)
    assert str(caught.value) == "hosts=0, hours=24.0: both must be more than zero."
