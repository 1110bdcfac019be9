"""Asking a forest."""

from __future__ import annotations

import sys

import pandas as pd
import pytest

from huntbook.compute.processes import build_process_tree
from huntbook.errors import ColumnNotFoundError, OptionError


@pytest.fixture
def forest(make, named):
    """Give two hosts; on a: init with sh (ls, cat) and vi; on b: a ghost with sh."""
    frame = make(
        ("a", 1, 0, 0, "init", None),
        ("a", 5, 1, 1, "sh", "init"),
        ("a", 6, 1, 2, "vi", "init"),
        ("a", 9, 5, 3, "ls", "sh"),
        ("a", 10, 5, 4, "cat", "sh"),
        ("b", 5, 3, 5, "sh", "login"),
    )
    frame["cmd"] = ["init", "sh -i", "vi notes", "ls -l", "cat [x", None]
    return build_process_tree(frame, {**named, "cmd_line": "cmd"})


def test_relatives_are_found_by_place(forest):
    """Children, descendants, ancestors, path and siblings of the nodes of the first host."""
    assert forest.names().tolist() == ["init", "sh", "ls", "cat", "vi", "login", "sh"]
    assert forest.roots.tolist() == [0, 5]
    assert forest.children(0).tolist() == [1, 4]
    assert forest.descendants(1).tolist() == [2, 3]
    assert forest.ancestors(3).tolist() == [1, 0]
    assert forest.path(3).tolist() == [0, 1, 3]
    assert forest.siblings(2).tolist() == [3]
    assert forest.siblings(0).tolist() == []


def test_a_node_that_is_not_there_is_refused(forest):
    """The number and the numbers that there are."""
    with pytest.raises(OptionError) as caught:
        forest.children(7)
    assert str(caught.value) == "node=7 is not in the forest, whose nodes are 0 to 6."


def test_text_is_found_in_names_and_command_lines(forest):
    """Without regard to case, and taken literally."""
    assert forest.find("NOTES").tolist() == [4]
    assert forest.find("[x").tolist() == [3]
    assert forest.find("sh").tolist() == [1, 6]


def test_a_predicate_gets_the_whole_frame(forest):
    """Any condition on the columns of to_frame; a wrong shape is refused."""
    assert forest.find(lambda rows: rows["inferred"]).tolist() == [5]
    with pytest.raises(OptionError) as caught:
        forest.find(lambda rows: rows["inferred"].head(2))
    assert str(caught.value) == (
        "The predicate of find() returned shape (2,); it must return one truth value for each of the 7 rows it gets."
    )


def test_the_summary_adds_up(forest):
    """Roots, branches, leaves and isolated ones are all processes."""
    total = forest.summary()
    assert (total.processes, total.recorded, total.inferred, total.hosts, total.deepest) == (7, 6, 1, 2, 3)
    assert (total.roots, total.branches, total.leaves, total.isolated) == (2, 1, 4, 0)
    assert total.links == {"none": 2, "unrecorded": 1, "name": 4}


def test_the_frame_says_what_is_known_and_nothing_more(forest):
    """A ghost has no time, no command line and no row."""
    ghost = forest.to_frame([5]).iloc[0]
    assert (ghost["name"], ghost["pid"], ghost["source_row"]) == ("login", 3, -1)
    assert pd.isna(ghost["start"])
    assert ghost["command_line"] is None


def test_rows_are_those_of_the_source(forest):
    """A selection comes back as rows with their index; ghosts have none."""
    assert forest.rows([5, 4, 1])["name"].tolist() == ["vi", "sh"]


def test_a_column_of_the_source_follows_the_nodes(forest):
    """In depth-first order, missing for ghosts; an unknown name is an error."""
    assert forest.column("cmd", [3, 5]).tolist()[0] == "cat [x"
    assert forest.column("cmd", [3, 5]).isna().tolist() == [False, True]
    with pytest.raises(ColumnNotFoundError, match="column='cmdd'"):
        forest.column("cmdd")


def test_text_draws_the_tree(forest):
    """Branches, ghosts, and a last line that says what is left out."""
    assert forest.to_text(limit=6).split("\n") == [
        "init (1) init",
        "├─ sh (5) sh -i",
        "│  ├─ ls (9) ls -l",
        "│  └─ cat (10) cat [x",
        "└─ vi (6) vi notes",
        "login (3) [not recorded]",
        "… 1 more processes",
    ]
    assert forest.to_text(1, width=10).split("\n") == ["sh (5) sh…", "├─ ls (9)…", "└─ cat (1…"]


def test_a_graph_has_every_process_and_link(forest):
    """Nodes with what the frame says of them, an edge from each parent to each child."""
    networkx = pytest.importorskip("networkx", reason="networkx is not installed")
    graph = forest.to_networkx()
    linked = forest.to_frame().query("parent >= 0")["parent"]
    assert sorted(graph.edges) == sorted((parent, node) for node, parent in linked.items())
    assert [graph.nodes[node]["name"] for node in graph] == forest.names().tolist()
    assert networkx.descendants(graph, 1) == set(forest.descendants(1).tolist())


def test_without_networkx_the_error_says_what_to_install(forest, monkeypatch):
    """The library is optional."""
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(ImportError) as caught:
        forest.to_networkx()
    assert str(caught.value) == "to_networkx() needs networkx, which is not installed: pip install networkx"
