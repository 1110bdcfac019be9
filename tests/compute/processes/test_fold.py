"""Equal lineages counted over hosts and time."""

from __future__ import annotations

import pandas as pd
import pytest

from huntbook.compute.processes import build_process_tree
from huntbook.compute.processes.fold import argument_shapes
from huntbook.errors import OptionError
from huntbook.simulated.processes import processes


@pytest.fixture(scope="module")
def forest():
    """Give a small fleet with an attack on it."""
    return build_process_tree(processes(hosts=6, hours=4.0, seed=5))


def test_counts_are_those_of_written_out_paths(forest):
    """Against the slow way: write the path of names of every process and count them."""
    names = forest.names()
    paths = [" > ".join(names[step].lower() for step in forest.path(node)) for node in range(len(forest))]
    slow = (
        pd.DataFrame({"path": paths, "host": forest.host})
        .groupby("path")
        .agg(n=("host", "size"), hosts=("host", "nunique"))
    )
    folded = forest.fold().frame
    assert len(folded) == len(slow)
    for lineage, count, hosts in zip(folded["lineage"], folded["processes"], folded["hosts"], strict=True):
        assert tuple(slow.loc[lineage.lower()]) == (count, hosts)


def test_each_lineage_opens_to_its_processes(forest):
    """The nodes of every lineage together are the forest, and each has its lineage's name."""
    folded = forest.fold()
    every = [node for row in range(len(folded.frame)) for node in folded.nodes(row).tolist()]
    assert sorted(every) == list(range(len(forest)))
    assert set(forest.names()[folded.nodes(3)]) == {folded.frame["name"][3]}


def test_the_rarest_come_first_and_the_attack_is_among_them(forest):
    """What runs on one host once stands before what runs everywhere."""
    folded = forest.fold()
    assert folded.frame["hosts"].is_monotonic_increasing
    attack = [
        row
        for row, name in enumerate(folded.frame["name"])
        if name in {"vssadmin.exe", "update.exe", "nltest.exe"}
    ]
    assert max(attack) < len(folded.frame) / 4


def test_arguments_are_compared_by_their_shape():
    """Numbers, identifiers and blobs that differ by chance are equal; words are not."""
    one, two, three = argument_shapes(
        pd.Series(
            [
                "Task.exe 17 {3F2504E0-4F89-11D3-9A0C-0305E82C3301}",
                "task.exe  99 {00000000-4F89-11D3-9A0C-0305E82C3302}",
                "task.exe stop",
            ]
        )
    )
    assert one == two != three


def test_other_fields_may_make_the_difference(forest):
    """Accounts beside names; an unknown word is refused with those that there are."""
    assert len(forest.fold(by=("name", "user_name")).frame) >= len(forest.fold().frame)
    assert len(forest.fold(arguments=True).frame) >= len(forest.fold().frame)
    with pytest.raises(OptionError, match=r"by='nam' is not known. Did you mean 'name'\?"):
        forest.fold(by=("nam",))


@pytest.mark.parametrize("by", ["name", ()])
def test_nothing_to_compare_by_is_refused(forest, by):
    """A word by itself would be taken letter by letter."""
    with pytest.raises(OptionError) as caught:
        forest.fold(by=by)
    assert str(caught.value) == f"by={by!r}: give a tuple of at least one word, such as by=('name',)."


def test_a_lineage_that_is_not_there_is_refused(forest):
    """The number, and how many there are."""
    folded = forest.fold()
    with pytest.raises(OptionError) as caught:
        folded.nodes(-1)
    assert str(caught.value) == f"lineage=-1 is not one of the {len(folded.frame)} lineages, counted from 0."
