"""The process tree as a widget, without a browser."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook import build_process_tree, mp_pandas_plot, plot
from huntbook.errors import ColumnNotFoundError, OptionError
from huntbook.figures.theme import LIGHT
from huntbook.simulated.processes import processes


@pytest.fixture(scope="module")
def fleet():
    """Give a fleet with an attack."""
    return processes(hosts=12, hours=2.0, seed=3)


@pytest.fixture
def view(fleet):
    """Give its view."""
    return plot.process_tree(fleet, flag="Attack")


def test_it_opens_on_what_is_flagged(view, fleet):
    """Every flagged process is unfolded, and the first is in the window."""
    flagged = view.forest.find(lambda rows: rows["source_row"].isin(np.flatnonzero(fleet["Attack"])))
    assert set(flagged) <= set(view._rows_shown.visible)
    assert view.data.index.isin(flagged).any()


def test_without_flags_it_opens_on_what_is_rare(fleet):
    """The attack's odd lineages are found without anybody's flag."""
    view = plot.process_tree(fleet.drop(columns="Attack"))
    rare = view.forest.names()[view._marks.rare]
    assert {"vssadmin.exe", "nltest.exe", "update.exe"} <= set(rare)
    assert view.data["name"].isin(rare).any()


def test_the_sentence_has_the_exact_totals(view):
    """Processes, hosts, what was never recorded, what is flagged."""
    total = view.forest.summary()
    assert view.summary.startswith(
        f"{total.processes:,} processes on 12 hosts; {total.inferred} of them never recorded; 11 flagged; "
    )


@pytest.mark.parametrize("cell", [560, 1_460])
def test_the_tree_and_the_times_share_the_cell(view, cell):
    """In a narrow one both are seen, in a wide one command lines are longer; nothing is written over anything."""
    view._gate._hear(view._gate, {"kind": "width", "width": cell}, [])
    tree, rows = view._drawn.tree, view._drawn.rows.data
    assert (tree.width, tree.x_range.end) == (round(0.62 * cell), round(0.62 * cell))
    assert cell - tree.width >= view._drawn.times.min_width
    for part, letter in (("id", 0.6 * 11), ("command", 0.6 * 11), ("name", 0.5 * 13)):
        placed = zip(rows[f"{part}_x"], rows[part], strict=True)
        assert max(x + letter * len(text) for x, text in placed if text) <= tree.width


def test_one_process_is_one_process(fleet):
    """In the singular."""
    root = fleet[fleet["NewProcessName"].eq("System")].head(1)
    assert plot.process_tree(root).summary == "1 process"


def test_a_filter_leaves_no_empty_room_below_the_rows(view):
    """The picture and its scroll bar are as high as the rows that are left, and have their height again without it."""
    heights = [view._drawn.tree.height, view._drawn.times.height, view._controls.scroll.layout.height]
    view.keep(view.forest.find("vssadmin"))
    left = view.rows_visible
    assert left < 26
    low = [view._drawn.tree.height, view._drawn.times.height, view._controls.scroll.layout.height]
    assert low == [26 * left + 46, 26 * left + 46, f"{26 * left}px"]
    assert view._drawn.tree.y_range.start == left - 0.5
    view.keep(None)
    assert [view._drawn.tree.height, view._drawn.times.height, view._controls.scroll.layout.height] == heights


def test_selected_nodes_are_rows_and_are_told(view):
    """Set by code: the rows of the caller's frame, and observers hear of it."""
    heard = []
    view.observe(heard.append, "selected")
    node = int(view.forest.find("vssadmin")[0])
    view.nodes = [node]
    assert view.selected["CommandLine"].tolist() == ["vssadmin delete shadows /all /quiet"]
    assert len(heard) == 1
    assert set(view.lineage()["NewProcessName"].str.rpartition("\\")[2]) >= {"vssadmin.exe", "update.exe"}


def test_the_selection_is_a_filter(view, fleet):
    """As a pandas query it gives the same rows."""
    view.nodes = view.forest.find("vssadmin")
    assert fleet.query(view.where("pandas")).equals(view.selected)


def test_search_walks_round_all_that_is_found(view):
    """Next and previous, and from the last to the first again."""
    count = view.search("conhost")
    first = view.nodes.tolist()
    view.next_found(-1)
    last = view.nodes.tolist()
    view.next_found()
    assert count == len(view.forest.find("conhost"))
    assert (view.nodes.tolist(), last) == (first, [view.forest.find("conhost")[-1]])
    assert view.search("no such thing") == 0


def test_folding_and_unfolding(view):
    """All, or below one node."""
    view.expand()
    assert view.rows_visible == len(view.forest)
    view.collapse()
    assert view.rows_visible == len(view.forest.roots)
    view.expand(0)
    assert view.rows_visible == len(view.forest.roots) + view.forest.size[0] - 1


def test_the_browser_gets_a_window_and_no_more(view, fleet):
    """26 rows, however many processes; only the columns that were asked for."""
    assert len(view._drawn.rows.data["row"]) == 26
    state = view.children[-1].children[0].picture.get_state("render_bundle")["render_bundle"]
    assert len(state) < 200_000
    assert "TargetLogonId" not in state


def test_ids_are_shown_as_they_were_written_or_as_asked(fleet):
    """Hex where the column holds hex text; either on demand."""
    assert plot.process_tree(fleet)._drawn.rows.data["id"][0].startswith("0x")
    assert plot.process_tree(fleet, pid_fmt="dec")._drawn.rows.data["id"][0].isdigit()
    with pytest.raises(OptionError, match="pid_fmt='guid' is not known"):
        plot.process_tree(fleet, pid_fmt="guid")


@pytest.mark.parametrize("column", ["Attack", "TrueProcess", "TimeGenerated", "CommandLine", "TargetLogonId"])
def test_any_column_colours(fleet, column):
    """Truth values, numbers, times, thousands of texts, nulls."""
    view = plot.process_tree(fleet, legend_col=column)
    assert len(set(view._drawn.rows.data["dot_fill"])) > 1


def test_the_legend_filters(fleet):
    """One kind with what is above it, then everything again."""
    view = plot.process_tree(fleet, legend_col="Attack")
    kind = view._coloring.kinds.index("True")
    view.keep_kind(kind)
    assert set(view._rows_shown.visible) >= set(view._coloring.nodes(kind))
    assert view.rows_visible < 40
    view.keep_kind(None)
    assert view.rows_visible > 40


@pytest.mark.parametrize("option", ["legend_col", "source_columns"])
def test_a_column_that_is_not_there_is_named(fleet, option):
    """With the option that asked for it."""
    value = "Computr" if option == "legend_col" else ["Computr"]
    with pytest.raises(
        ColumnNotFoundError,
        match=rf"{option}='Computr': the frame has no such column. Did you mean 'Computer'\?",
    ):
        plot.process_tree(fleet, **{option: value})


def test_dark_colours_reach_every_row(view):
    """The rows' own colours are those of the theme."""
    light = set(view._drawn.rows.data["band"])
    view.theme = "dark"
    assert not light & set(view._drawn.rows.data["band"])


def test_keys_move_the_selection(view):
    """Down, up, to the end, to the parent."""
    view.nodes = [0]
    view._input("key", "ArrowDown")
    second = int(view._rows_shown.visible[1])
    assert view.nodes.tolist() == [second]
    view._input("key", "End")
    assert view.nodes.tolist() == [int(view._rows_shown.visible[-1])]
    view.nodes = [second]
    view._input("key", "ArrowLeft")
    view._input("key", "ArrowLeft")
    assert view.nodes.tolist() in ([0], [second])
    view._input("key", "Escape")
    assert len(view.nodes) == 0


def test_a_forest_can_be_drawn_as_it_is(fleet):
    """What was built once needn't be built again."""
    forest = build_process_tree(fleet)
    assert plot.process_tree(forest).forest is forest


def test_the_accessor_is_callable_with_a_schema(fleet):
    """As it was announced: df.mp_plot(schema=...), and with every option as a method."""
    assert mp_pandas_plot is not None
    assert len(fleet.mp_plot(schema="windows_4688").forest) == len(
        fleet.mp_plot.process_tree(schema="windows_4688").forest
    )


@pytest.mark.parametrize("rows", [1, 2])
def test_one_or_two_processes_are_a_picture(rows):
    """Also with odd cells: markup, columns with commas, no times at all."""
    frame = pd.DataFrame(
        {
            "exe": ["<script>alert(1)</script>", "$$x$$"],
            "pid": [1, 2],
            "ppid": [0, 1],
            "TimeGenerated": [None, None],
            "a, b": ["@x{y}", None],
        }
    ).head(rows)
    view = plot.process_tree(frame, schema="linux_auditd", legend_col="a, b", source_columns=["a, b"])
    assert len(view.data) == rows


def test_a_folded_branch_says_how_much_is_flagged_inside(view):
    """Folding everything away hides no alert: the row that holds it says so, in the warning colour."""
    view.collapse()
    nodes = view.data.index.to_numpy()
    flagged = view._marks.flagged
    for node, said, color in zip(
        nodes, view._drawn.rows.data["folded"], view._drawn.rows.data["folded_color"], strict=True
    ):
        inside = int(flagged[node + 1 : node + view.forest.size[node]].sum())
        assert (f", {inside} flagged" in said) == bool(inside)
        assert (color == LIGHT.warning) == bool(inside)


def test_the_rows_in_view_are_told_in_words(view):
    """One item a row, in step with the picture: names, levels, what is folded, what is selected."""
    view.search("vssadmin")
    words = view._gate.words
    assert [word["level"] - 1 for word in words] == view.data["depth"].tolist()
    assert [word["text"].split(" (")[0] for word in words] == view.data["name"].tolist()
    assert [word["text"].split(",")[0] for word in words if word["chosen"]] == [
        f"vssadmin.exe ({hex(view.forest.pid[view.nodes[0]])})"
    ]


def test_a_saved_tree_says_that_it_is_a_snapshot(view, tmp_path):
    """Title, and how many of the processes it holds; the same tree gives the same bytes."""
    page = view.save(tmp_path / "tree.html").read_text()
    assert f"<title>{view.summary}</title>" in page
    assert (
        f"A snapshot of 26 of {len(view.forest):,} processes, with no kernel behind it: "
        "it unfolds, searches and scrolls no further." in page
    )
    assert view.save(tmp_path / "again.html").read_text() == page


def test_alerts_are_triangles_on_their_processes(fleet):
    """At their time, in the row of their process, which is flagged; those of no process are counted in the title."""
    alert = fleet[fleet["CommandLine"].str.contains("vssadmin", na=False)][
        ["Computer", "NewProcessId", "TimeGenerated"]
    ]
    other = alert.assign(Computer="elsewhere")
    view = plot.process_tree(fleet, alerts=pd.concat([alert, other]))
    drawn = view._drawn.alerts.data
    row = view.data["command_line"].str.contains("vssadmin", na=False).to_numpy().nonzero()[0].tolist()
    assert drawn["row"] == row
    assert drawn["when"] == [alert["TimeGenerated"].iloc[0].value / 1e6]
    assert view._drawn.rows.data["name_color"][row[0]] == LIGHT.warning
    assert "; 1 flagged; 1 alert laid over; 1 alert of no process here; " in view.summary
