"""The main job, end to end: choose a cloud, see a notebook obey, draw, select, get the rows back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from huntbook import samples

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PLACES_OF = (Path(__file__).parent / "bokeh.js").read_text()
# The places of the picture lie two steps apart, from 0; this box holds the first three by the first four.
HALF_STEPS = [[-1, -1], [5, 7]]
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
CLOUD = "import huntbook; huntbook.settings.get('Azure.cloud')"
DRAW = """from huntbook import mp_pandas_plot, samples
flows = samples.network_flows(rows=3_000, seed=5)
view = flows.mp_plot.matrix(x="SourceIP", y="DestinationIP", title="IP interaction")
view"""
SELECTED = "import json; print(json.dumps([int(label) for label in view.selected.index]))"
LARGEST_NOTEBOOK = 200_000


def open_sidebar(page):
    """Open the panel as a person does, and return it."""
    panel = page.get_by_role("region", name="huntbook settings")
    if not panel.is_visible():
        page.locator(".jp-SideBar .lm-TabBar-tab[title^='huntbook settings']").click()
    expect(panel).to_be_visible()
    return panel


def drag_box(page, corners):
    """Draw a box by mouse over the places between two corners of the picture, given in its own coordinates."""
    page.wait_for_function(f"() => ({PLACES_OF})([[0, 0]]) !== null")
    (left, top), (right, bottom) = sorted(page.evaluate(PLACES_OF, corners))
    page.mouse.move(left, min(top, bottom))
    page.mouse.down()
    page.mouse.move(right - 1, max(top, bottom) - 1, steps=8)
    # A hand rests before it lets go; Bokeh takes the box of the last frame that it drew.
    page.evaluate(NEXT_FRAME)
    page.mouse.move(right, max(top, bottom))
    page.evaluate(NEXT_FRAME)
    page.mouse.up()


def expected_rows(x_places, y_places):
    """Return the index of the rows between the busiest `x_places` sources and `y_places` destinations."""
    flows = samples.network_flows(rows=3_000, seed=5)
    sources = flows["SourceIP"].value_counts().index[:x_places]
    destinations = flows["DestinationIP"].value_counts().index[:y_places]
    inside = flows["SourceIP"].isin(sources) & flows["DestinationIP"].isin(destinations)
    return [int(label) for label in flows.index[inside]]


def test_from_the_sidebar_to_the_rows_behind_a_selection(page, lab, open_notebook, shot):
    """What is chosen in one place is obeyed in the others, and a drawn box gives back its rows."""
    lab.settings.unlink(missing_ok=True)
    book = open_notebook("path.ipynb", CLOUD, "huntbook.MpConfigEdit()", DRAW, SELECTED)
    assert book.text(0) == "'global'"

    panel = open_sidebar(page)
    panel.get_by_label("Cloud").select_option("usgov")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("status")).to_contain_text("Saved")
    assert book.text(0) == "'usgov'"

    editor = book.run(1)
    cloud = editor.get_by_label("Cloud")
    expect(cloud.locator("option:checked")).to_have_text("US Government")
    cloud.select_option(label="China")
    editor.get_by_role("button", name="Save", exact=True).click()
    editor.get_by_role("button", name="Save Settings").click()
    expect(panel.get_by_label("Cloud")).to_have_value("cn")
    assert book.text(0) == "'cn'"

    picture = book.run(2)
    expect(picture.locator(".bk-Figure")).to_be_visible()
    # It has grown since its cell was brought into view, and a mouse reaches only what is.
    picture.locator(".bk-Figure").scroll_into_view_if_needed()
    shot("path")
    drag_box(page, HALF_STEPS)
    expect(picture.get_by_role("status")).to_contain_text("circles selected")
    assert json.loads(book.text(3)) == expected_rows(3, 4)


def test_the_saved_notebook_is_small_and_draws_again_after_reload(page, lab, open_notebook):
    """A notebook with an editor and a matrix stays under 200 KB, and a reload loses no picture."""
    book = open_notebook("saved.ipynb", "import huntbook; huntbook.MpConfigEdit()", DRAW)
    expect(book.run(0).get_by_label("Cloud")).to_be_visible()
    expect(book.run(1).locator(".bk-Figure")).to_be_visible()
    book.save()
    assert (lab.folder / "saved.ipynb").stat().st_size < LARGEST_NOTEBOOK
    page.reload()
    book.wait_until_idle()
    expect(page.locator(".jp-Notebook .bk-Figure")).to_be_visible()
    expect(page.locator(".jp-Notebook").get_by_label("Cloud")).to_be_visible()


def test_a_cell_that_holds_a_script_is_text(page, open_notebook):
    """Nothing that stands in the data is executed, in labels, tooltips or status line."""
    draw = """import pandas as pd; from huntbook import mp_pandas_plot
evil = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script>"
view = pd.DataFrame({evil: [evil, "a"], "y": ["b", evil]}).mp_plot.matrix(x=evil, y="y", title=evil)
view"""
    picture = open_notebook("hostile.ipynb", draw).run(0)
    expect(picture.locator(".bk-Figure")).to_be_visible()
    page.mouse.move(*page.evaluate(PLACES_OF, [[0, 0]])[0])
    expect(page.locator(".bk-Tooltip")).to_be_visible()
    assert page.evaluate("window.hacked === undefined")
