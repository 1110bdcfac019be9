"""The list of rare lineages as a widget."""

from __future__ import annotations

import pytest

from huntbook import plot
from huntbook.simulated.processes import processes


@pytest.fixture
def view():
    """Give the lineages of a fleet with an attack."""
    return plot.process_lineages(processes(hosts=6, hours=2.0, seed=3))


def test_the_list_says_hosts_processes_and_lineage_rarest_first(view):
    """A line for each, as the frame has them."""
    first = view._list.options[0][0].replace("\N{NO-BREAK SPACE}", " ").split()
    row = view.folded.frame.iloc[0]
    assert first[:4] == ["1", "host", "1", "process"]
    assert first[-1] == row["name"].split()[-1]
    hosts = int(view.folded.frame["hosts"].max())
    assert (
        f"{len(view.folded.frame):,} lineages; the commonest is on {hosts} of 6 hosts."
        in view.children[0].value
    )
    assert len(view._list.options) == min(len(view.folded.frame), 300)


def test_a_lineage_opens_to_its_real_processes(view):
    """Choosing the line filters the tree and selects the rows; choosing none shows all."""
    place = view.folded.frame["name"].tolist().index("vssadmin.exe")
    view._list.value = place
    assert view.selected["CommandLine"].tolist() == ["vssadmin delete shadows /all /quiet"]
    kept = view.tree.rows_visible
    view.choose(None)
    assert kept < view.tree.rows_visible
