"""The widget: selection back as rows, theme, file, and nothing displayed by building."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from traitlets import TraitError

from huntbook import plot
from huntbook.errors import DataError, OptionError
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
    assert view._gate.status == (
        "Drag a box, or click a circle, to select; view.selected then holds the rows, view.where() the filter."
    )
    select(view, 0)
    assert view._gate.status == (
        "1 circle selected: 2 of 6 rows; view.selected holds them, view.where() the filter."
    )
    select(view, 0, 1)
    assert view._gate.status == (
        "2 circles selected: 3 of 6 rows; view.selected holds them, view.where() the filter."
    )


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
    assert view._gate.summary == (
        "6 rows by host (3) and port (2). The largest: a with 1, 2; b with 1, 2; a with 2, 1. "
        "2 pairs with one row, such as a with 2, 1; c with 2, 1."
    )


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


@pytest.fixture
def many():
    """Give 500 sources with a long tail, and 30 ports."""
    random = np.random.default_rng(4)
    source = np.minimum(random.zipf(1.4, 3_000), 500)
    return pd.DataFrame({"host": [f"h{at:03}" for at in source], "port": random.integers(0, 30, 3_000)})


def test_what_is_not_shown_is_found_and_pulled_in(many):
    """It gets a place, its circles are selected, and the totals stay."""
    view = plot.matrix(many, x="host", y="port", max_categories=10)
    rare = many["host"].value_counts().index[-1]
    (hit,) = view.find(rare.upper()).to_dict("records")
    assert (hit["axis"], hit["value"], hit["rows"], hit["shown"]) == ("x", rare, 1, False)
    view.show(x=rare)
    assert rare in set(view.data["x"])
    assert view.data["rows"].sum() == len(many)
    pd.testing.assert_frame_equal(view.selected, many[many["host"] == rare])
    assert view.find(rare)["shown"].tolist() == [True]


def test_null_can_be_pulled_in(many):
    """As a list with None."""
    frame = pd.concat([many, pd.DataFrame({"host": [None], "port": [1]})], ignore_index=True)
    view = plot.matrix(frame, x="host", y="port", max_categories=5)
    view.show(x=[None])
    pd.testing.assert_frame_equal(view.selected, frame[frame["host"].isna()])


def test_a_value_that_is_not_there_is_told(many):
    """The whole message."""
    with pytest.raises(OptionError) as caught:
        plot.matrix(many, x="host", y="port").show(y=99)
    assert str(caught.value) == (
        "y=99: the column 'port' has no such value. view.find('text') lists those that have a text in them."
    )


def test_pages_show_every_category_once(many):
    """Page by page on one side, with the other as it was and exact totals."""
    view = plot.matrix(many, x="host", y="port", max_categories=25)
    seen = []
    for page in range(view.pages[0]):
        view.show_page(x=page)
        assert view.page == (page, 0)
        assert view.data["rows"].sum() == len(many)
        seen += view._pairs.x.shown
    assert sorted(seen) == sorted(many["host"].unique())


def test_another_order_is_another_picture(many):
    """From its first page; the title says so; nothing is selected any more."""
    view = plot.matrix(many, x="host", y="port", max_categories=10)
    before = view.figure
    select(view, 0)
    view.sort(x="rarity")
    assert view.figure is not before
    assert view.selected.empty
    assert "host (10 rarest of " in view.figure.title.text
    rarest = many["host"].value_counts().min()
    assert set(view.data.loc[view.data["x"].isin(view._pairs.x.shown), "rows"]) == {rarest}


def test_reset_shows_what_was_shown_at_first(many):
    """Orders, pages, what was pulled in."""
    view = plot.matrix(many, x="host", y="port", max_categories=10, sort_x="asc")
    before = view.data
    view.show_page(x=2)
    view.sort(y="rarity")
    view.show(x=many["host"].value_counts().index[-1])
    view.reset()
    pd.testing.assert_frame_equal(view.data, before)


def test_the_theme_stays_when_the_picture_is_another(many):
    """A dark page gets a dark picture of the next page."""
    view = plot.matrix(many, x="host", y="port", max_categories=10)
    view.theme = "dark"
    view.show_page(x=1)
    assert view.figure.background_fill_color == DARK.ground


def test_the_row_of_controls_does_what_the_code_does(many):
    """Search, offer, order, page, reset."""
    view = plot.matrix(many, x="host", y="port", max_categories=10)
    controls = view._controls
    rare = many["host"].value_counts().index[-1]
    controls.text.value = rare
    words, offer = controls.found.children
    assert (words.value, offer.description) == ("1 found", f"{rare} (1 row)")
    offer.click()
    assert view.selected["host"].tolist() == [rare]
    across, down = controls.sides
    assert down.place.value == "page 1 of 3"
    down.after.click()
    assert (view.page, down.place.value, down.before.disabled) == ((0, 1), "page 2 of 3", False)
    across.order.value = "fewest rows"
    assert view._choices[0].order == "rarity"
    controls.reset.click()
    assert (across.order.value, controls.text.value, controls.found.children) == ("most rows", "", ())


def test_all_that_is_found_can_be_shown_at_once(many):
    """Where it is few enough to have places."""
    view = plot.matrix(many, x="host", y="port", max_categories=20)
    view._controls.text.value = "h01"
    found = view.find("h01")
    *_, every = view._controls.found.children
    assert every.description == "Show all of them"
    every.click()
    assert set(found["value"]) <= set(view._pairs.x.shown)


def test_a_search_that_finds_nothing_says_so(many):
    """In place of offers."""
    view = plot.matrix(many, x="host", y="port")
    view._controls.text.value = "no such host"
    (words,) = view._controls.found.children
    assert words.value == "nothing found"


def test_a_small_matrix_has_no_pages_to_turn(flows):
    """Then the row is short."""
    view = plot.matrix(flows, x="host", y="port")
    assert [side.pages.layout.display for side in view._controls.sides] == ["none", "none"]


def test_the_sentence_is_broken_for_a_narrow_cell(many):
    """No line of it reaches over the edge, of the next page neither."""
    view = plot.matrix(many, x="host", y="port", max_categories=20)
    view._gate._hear(view._gate, {"kind": "shown", "theme": "light", "width": 400}, [])
    first = view.figure.title.text.split("\n")
    view.show_page(x=1)
    second = view.figure.title.text.split("\n")
    for lines in (first, second):
        assert max(map(len, lines)) * 13 * 0.57 <= 400 - view.figure.min_border_left
