"""The widget: selection back as rows, theme, file, and nothing displayed by building."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from traitlets import TraitError

from huntbook import plot
from huntbook.errors import DataError
from huntbook.figures.theme import DARK
from huntbook.views import PlotView


@pytest.fixture
def flows():
    """Give six flows with an index that is neither sorted nor unique."""
    return pd.DataFrame(
        {"host": ["a", "b", "a", "c", "b", "a"], "port": [1, 1, 2, 2, 1, 1]}, index=[5, 5, 1, 9, 0, 2]
    )


def select(view, *indices):
    """Select circles as the browser's message does."""
    view._sources[0].selected.indices = list(indices)


def test_nothing_is_selected_at_first(flows):
    """Then there are no rows, with the frame's columns."""
    selected = plot.matrix(flows, x="host", y="port").selected
    pd.testing.assert_frame_equal(selected, flows.iloc[[]])


def test_selected_is_the_rows_behind_the_circles(flows):
    """With their index, in their order, of every selected circle."""
    view = plot.matrix(flows, x="host", y="port")
    at = view.data.index[(view.data["x"] == "a") | (view.data["y"] == 2)]
    select(view, *at)
    pd.testing.assert_frame_equal(view.selected, flows[(flows["host"] == "a") | (flows["port"] == 2)])


def test_margin_circles_give_their_rows(flows):
    """The rest is as good as any."""
    view = plot.matrix(flows, x="host", y="port", max_categories=1)
    select(view, *view.data.index[view.data["x"] == "2 more"])
    pd.testing.assert_frame_equal(view.selected, flows[flows["host"] != "a"])


def test_selected_is_computed_once(flows):
    """The second reading gives the same object; a new selection another."""
    view = plot.matrix(flows, x="host", y="port")
    first = view.selected
    assert view.selected is first
    select(view, 0)
    assert view.selected is not first


def test_observers_get_the_rows(flows):
    """One call a change."""
    view = plot.matrix(flows, x="host", y="port")
    heard = []
    view.observe(lambda change: heard.append(len(change["new"])), "selected")
    select(view, 0, 1)
    select(view, 0, 1)
    select(view)
    assert heard == [int(view.data["rows"].iloc[:2].sum()), 0]


def test_selected_can_not_be_set(flows):
    """The picture says what is selected."""
    view = plot.matrix(flows, x="host", y="port")
    with pytest.raises(TraitError, match=r"^view\.selected is what the picture's selection says"):
        view.selected = flows


def test_changes_to_the_frame_later_do_not_reach_the_selection(flows):
    """The view keeps the rows that it counted."""
    view = plot.matrix(flows, x="host", y="port")
    before = flows.copy(deep=True)
    flows["host"] = "z"
    flows.loc[77] = ["new", 3]
    select(view, *range(len(view.data)))
    pd.testing.assert_frame_equal(view.selected, before)


def test_the_status_line_counts_circles_and_rows(flows):
    """In words, with what to do next."""
    view = plot.matrix(flows, x="host", y="port")
    assert view._gate.status == "Drag a box, or click a circle, to select; view.selected then holds the rows."
    select(view, 0)
    assert view._gate.status == "1 circle selected: 2 of 6 rows; view.selected holds them."
    select(view, 0, 1)
    assert view._gate.status == "2 circles selected: 3 of 6 rows; view.selected holds them."


def test_building_a_view_displays_nothing(flows, capsys, monkeypatch):
    """No output of any kind."""
    shown = []
    monkeypatch.setattr("IPython.core.displaypub.DisplayPublisher.publish", lambda *a, **k: shown.append(a))
    plot.matrix(flows, x="host", y="port")
    assert not shown
    assert capsys.readouterr() == ("", "")


def test_a_view_is_a_widget_with_a_text_form(flows):
    """A cell shows the widget; a terminal and a screen reader get the sentence."""
    view = plot.matrix(flows, x="host", y="port")
    assert isinstance(view, PlotView)
    bundle = view._repr_mimebundle_()
    assert bundle["text/plain"] == "<MatrixView: 6 rows by host (3) and port (2)>"
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == view.model_id
    assert view._gate.summary == "6 rows by host (3) and port (2)"


def test_the_page_theme_reaches_the_figure_and_the_widget_state(flows):
    """A page that is dark, or becomes so, gets a dark picture, now and after a reload."""
    view = plot.matrix(flows, x="host", y="port")
    view._gate._hear(view._gate, {"kind": "shown", "theme": "dark"}, [])
    assert view.figure.background_fill_color == DARK.ground
    assert DARK.accent in str(view._picture.get_state()["render_bundle"])


def test_a_theme_that_we_do_not_know_changes_nothing(flows):
    """The page is not trusted to send only what we send ourselves."""
    view = plot.matrix(flows, x="host", y="port")
    view._gate._hear(view._gate, {"kind": "theme", "theme": "<script>"}, [])
    view._gate._hear(view._gate, {"kind": "what"}, [])
    assert view.theme == "light"


def test_changes_made_before_the_first_display_are_drawn(flows):
    """The widget's state is the figure as it is now."""
    view = plot.matrix(flows, x="host", y="port")
    view.figure.title.text = "my own words"
    assert view._picture.stale
    view._gate._hear(view._gate, {"kind": "shown", "theme": "light"}, [])
    assert not view._picture.stale
    assert "my own words" in str(view._picture.get_state()["render_bundle"])


def test_bokehjs_comes_from_the_server_extension(flows, monkeypatch):
    """The kernel is told the path; without it, it is Bokeh's own address."""
    monkeypatch.setenv("HUNTBOOK_BOKEH_ROOT", "/user/me/huntbook/bokeh/")
    assert plot.matrix(flows, x="host", y="port")._gate.scripts == [
        "/user/me/huntbook/bokeh/static/js/bokeh.min.js"
    ]
    monkeypatch.delenv("HUNTBOOK_BOKEH_ROOT")
    (address,) = plot.matrix(flows, x="host", y="port")._gate.scripts
    assert re.fullmatch(r"https://cdn\.bokeh\.org/bokeh/release/bokeh-[\d.]+\.min\.js", address)


def test_save_writes_one_file_that_needs_no_network(flows, tmp_path):
    """BokehJS is inside; nothing is loaded from elsewhere."""
    path = plot.matrix(flows, x="host", y="port", title="<script>alert(1)</script>").save(tmp_path / "p.html")
    page = path.read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert not re.search(r"""<(script|link|img)[^>]+(src|href)\s*=""", page)
    assert 1_000_000 < len(page) < 2_000_000


def test_save_into_a_folder_that_is_not_there_is_told(flows, tmp_path):
    """The whole message."""
    path = tmp_path / "none" / "p.html"
    with pytest.raises(DataError) as caught:
        plot.matrix(flows, x="host", y="port").save(path)
    assert str(caught.value) == (
        f"path={str(path)!r}: the picture can't be written there (No such file or directory). "
        "Give a path in a folder that exists and that you may write to."
    )
