"""What holds for every picture in a real browser: it follows the page's theme, keeps inside its cell, and axe finds no fault."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from huntbook.figures.theme import THEMES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SETUP = """from huntbook import plot, samples
from huntbook.simulated.processes import processes
flows = samples.network_flows(rows=3_000, seed=5)
events = processes(hosts=12, hours=1.0, seed=3)
flows["EndTime"] = flows["TimeGenerated"] + (flows["TimeGenerated"] - flows["TimeGenerated"].min()) / 90"""
PICTURES = {
    "matrix": "plot.matrix(flows, x='SourceIP', y='DestinationIP')",
    "timeline": "plot.timeline(flows, group_by='SourceIP', max_groups=12, flag=\"Protocol == 'UDP'\")",
    "values": "plot.timeline_values(flows, value_column='BytesSent', group_by='Protocol')",
    "durations": "plot.timeline_duration(flows, group_by='Protocol', end_time_column='EndTime')",
    "tree": "plot.process_tree(events, flag='Attack', legend_col='Attack', alerts=events[events['Attack']].head(3))",
    "lineages": "plot.process_lineages(events)",
}
# The ground of the last Bokeh picture that was made.
GROUND = """() => {
  const grounds = [];
  const visit = (model) => {
    if (model.background_fill_color !== undefined) grounds.push(model.background_fill_color);
    (model.children ?? []).forEach((child) => visit(Array.isArray(child) ? child[0] : child));
  };
  Bokeh.documents.at(-1).roots().forEach(visit);
  return grounds;
}"""
# What reaches over the cell's edges, and a picture that is wider than the place it has.
OVER = """cell => {
  const edge = cell.getBoundingClientRect();
  const wide = [...cell.querySelectorAll(".huntbook-picture")].filter((part) => part.scrollWidth > part.clientWidth + 1);
  return wide.map(() => "a picture that scrolls").concat([...cell.querySelectorAll("*")]
    .filter((part) => !part.closest(".huntbook-picture, .huntbook-words") && part.getClientRects().length)
    .filter((part) => part.getBoundingClientRect().right > edge.right + 1)
    .map((part) => part.className));
}"""


@pytest.fixture
def book(open_notebook):
    """Give a notebook with a cell for every picture."""
    return open_notebook("pictures.ipynb", SETUP, *PICTURES.values())


@pytest.mark.parametrize("width", [700, 1600])
def test_every_picture_follows_the_theme_and_keeps_inside_its_cell(
    page, book, theme, violations, shot, width
):
    """In a narrow and in a wide window, light and dark; names, roles and contrast too."""
    page.set_viewport_size({"width": width, "height": 1000})
    page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); }")
    name = theme()
    book.run(0)
    found: dict[str, list[str]] = {}
    for index, picture in enumerate(PICTURES, start=1):
        output = book.run(index)
        expect(output.locator(".bk-Figure").first).to_be_visible()
        page.wait_for_function(
            f"ground => ({GROUND})().every((each) => each === ground)", arg=THEMES[name].ground
        )
        shot(f"{picture}-{name}-{width}", output)
        found[picture] = violations(".jp-OutputArea-output") + output.evaluate(OVER)
    assert {picture: faults for picture, faults in found.items() if faults} == {}


def test_the_list_of_lineages_cuts_no_row(open_notebook):
    """Its height is that of whole rows."""
    book = open_notebook("lineages.ipynb", SETUP, PICTURES["lineages"])
    book.run(0)
    listed = book.run(1).locator(".huntbook-list select")
    expect(listed).to_be_visible()
    left_over = listed.evaluate(
        """list => list.clientHeight - parseFloat(getComputedStyle(list).paddingTop)
          - list.size * list.options[0].getBoundingClientRect().height"""
    )
    assert abs(left_over) < 2


@pytest.mark.parametrize("width", [700, 1600])
def test_a_list_of_orders_stays_with_its_pages(page, open_notebook, width):
    """However the row above a matrix is broken, each side is one line, and in a narrow cell both lists begin at one place."""
    page.set_viewport_size({"width": width, "height": 1000})
    paged = PICTURES["matrix"].replace("y='DestinationIP'", "y='DestinationIP', max_categories=25")
    book = open_notebook("row.ipynb", SETUP, paged)
    page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); }")
    book.run(0)
    output = book.run(1)
    sides = []
    for side in ("Across by", "Down by"):
        expect(output.get_by_label(side)).to_be_visible()
        box = output.locator(".widget-hbox .widget-hbox").filter(has=page.get_by_label(side)).first
        tops = box.locator("select, button").evaluate_all(
            "parts => parts.map((part) => part.getBoundingClientRect().top)"
        )
        assert max(tops) - min(tops) < 8
        sides.append(output.get_by_label(side).bounding_box())
    assert (sides[0]["x"] == sides[1]["x"]) == (width == 700)
