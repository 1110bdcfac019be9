"""The process tree in a real browser: open, fold, search, filter by the legend, select by mouse and by key, get the rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from huntbook.simulated.processes import processes

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PLACES_OF = (Path(__file__).parent / "bokeh.js").read_text()
DRAW = """from huntbook import mp_pandas_plot
from huntbook.simulated.processes import processes
view = processes(hosts=12, hours=3.0, seed=3).mp_plot.process_tree(flag="Attack")
view"""
THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"
SELECTED = "import json; print(json.dumps(view.selected['TrueProcess'].tolist()))"


LINEAGES = """from huntbook import plot
from huntbook.simulated.processes import processes
view = plot.process_lineages(processes(hosts=12, hours=3.0, seed=3))
view"""


@pytest.fixture
def book(open_notebook):
    """Give a notebook that draws a fleet."""
    return open_notebook("tree.ipynb", DRAW, SELECTED, "print(view.theme)")


def drawn(page, book):
    """Draw, and wait until the picture is there."""
    picture = book.run(0)
    expect(picture.locator(".bk-Figure").first).to_be_visible()
    page.wait_for_function(f"() => ({PLACES_OF})([[0, 0]]) !== null")
    return picture


def click(page, x, row):
    """Click a place of the tree, given in its own coordinates."""
    place = page.evaluate(PLACES_OF, [[x, row]])[0]
    page.mouse.click(*place)


def test_it_opens_on_what_is_flagged(page, book, shot):
    """The first look holds the planted attack, and says how much is folded away."""
    picture = drawn(page, book)
    expect(picture.get_by_role("status")).to_contain_text("processes are folded away")
    expect(picture).to_contain_text("11 flagged")
    shot("process-tree", picture)


def test_search_goes_through_everything_and_the_selection_comes_back_as_rows(page, book):
    """A process deep in a folded tree is found, shown and selected; the kernel has its row."""
    picture = drawn(page, book)
    picture.get_by_placeholder("Search names and command lines").fill("vssadmin")
    page.keyboard.press("Enter")
    expect(picture).to_contain_text("1 of 1")
    expect(picture.get_by_role("status")).to_contain_text("vssadmin.exe")
    fleet = processes(hosts=12, hours=3.0, seed=3)
    wanted = fleet.loc[fleet["CommandLine"].str.contains("vssadmin", na=False), "TrueProcess"].tolist()
    assert json.loads(book.text(1)) == wanted


def test_a_click_selects_and_a_click_on_the_triangle_folds(page, book):
    """Both by mouse, on the first row, whose process has others below it."""
    picture = drawn(page, book)
    status = picture.get_by_role("status")
    click(page, 300, 0)
    expect(status).to_contain_text("System (0x4)")
    expect(status).to_contain_text("open, ")
    click(page, 14, 0)
    expect(status).to_contain_text("folded, ")
    click(page, 14, 0)
    expect(status).to_contain_text("open, ")


def test_keys_move_open_and_close(page, book):
    """Down, left to fold, right to open, left to go to the parent, Escape to select nothing."""
    picture = drawn(page, book)
    status = picture.get_by_role("status")
    click(page, 300, 0)
    expect(status).to_contain_text("System (0x4)")
    page.keyboard.press("ArrowDown")
    expect(status).to_contain_text("smss.exe")
    page.keyboard.press("ArrowLeft")
    expect(status).to_contain_text("folded")
    page.keyboard.press("ArrowRight")
    expect(status).to_contain_text("open")
    page.keyboard.press("Home")
    expect(status).to_contain_text("System (0x4)")
    page.keyboard.press("Escape")
    expect(status).to_contain_text("Click a process")


def test_page_and_end_keys_move_by_windows_and_to_the_last(page, book):
    """Page Down by a window of rows, Page Up back, End to the last row, Enter opens it or not."""
    picture = drawn(page, book)
    status = picture.get_by_role("status")
    picture.get_by_role("button", name="Expand all").click()
    expect(status).not_to_contain_text("folded away")
    click(page, 300, 0)
    page.keyboard.press("Home")
    expect(status).to_contain_text("level 1")
    first = status.inner_text()
    page.keyboard.press("PageDown")
    expect(status).not_to_have_text(first)
    page.keyboard.press("PageUp")
    expect(status).to_have_text(first)
    page.keyboard.press("End")
    expect(picture.get_by_role("treeitem", selected=True)).to_be_attached()
    last = picture.get_by_role("treeitem").last
    expect(last).to_have_attribute("aria-selected", "true")


def test_n_goes_on_through_what_was_found(page, book):
    """After a search N is the next and Shift+N the one before; the count says where."""
    picture = drawn(page, book)
    picture.get_by_placeholder("Search names and command lines").fill("conhost.exe")
    page.keyboard.press("Enter")
    expect(picture).to_contain_text("1 of ")
    click(page, 300, 12)
    page.keyboard.press("Home")
    page.keyboard.press("n")
    expect(picture).to_contain_text("1 of ")
    page.keyboard.press("n")
    expect(picture).to_contain_text("2 of ")
    page.keyboard.press("Shift+N")
    expect(picture).to_contain_text("1 of ")


def test_expand_and_collapse_all(page, book):
    """The two buttons: nothing folded away, and only roots left."""
    picture = drawn(page, book)
    status = picture.get_by_role("status")
    picture.get_by_role("button", name="Expand all").click()
    expect(status).not_to_contain_text("folded away")
    picture.get_by_role("button", name="Collapse all").click()
    expect(status).to_contain_text("folded away")
    expect(picture.get_by_role("treeitem", expanded=True)).to_have_count(0)


def test_lineage_only_leaves_what_is_above_and_below(page, book):
    """The selection's lineage, and everything again."""
    picture = drawn(page, book)
    status = picture.get_by_role("status")
    picture.get_by_placeholder("Search names and command lines").fill("vssadmin")
    page.keyboard.press("Enter")
    expect(status).to_contain_text("vssadmin.exe")
    picture.get_by_role("button", name="Lineage only").click()
    expect(status).to_contain_text("filtered or folded away")
    rows = picture.get_by_role("treeitem")
    expect(rows.last).to_contain_text("vssadmin.exe")
    assert rows.count() < 26
    picture.get_by_role("button", name="Lineage only").click()
    expect(rows).to_have_count(26)


def test_a_screen_reader_is_told_the_rows(page, book):
    """A tree of items with levels and states; the active one is the selected one."""
    picture = drawn(page, book)
    tree = picture.get_by_role("tree")
    expect(tree.get_by_role("treeitem")).to_have_count(26)
    click(page, 300, 0)
    active = tree.get_by_role("treeitem", selected=True)
    expect(active).to_have_text("System (0x4), 304 below")
    expect(active).to_have_attribute("aria-level", "1")
    expect(active).to_have_attribute("aria-expanded", "true")
    assert tree.get_attribute("aria-activedescendant") == active.get_attribute("id")


def test_the_rarest_lineages_open_to_their_processes(page, open_notebook, shot):
    """A line chosen in the list shows its processes in the tree below, and they come back as rows."""
    book = open_notebook("lineages.ipynb", LINEAGES, SELECTED)
    picture = drawn(page, book)
    listed = picture.get_by_role("listbox")
    line = listed.get_by_role("option").filter(has_text="vssadmin.exe")
    listed.select_option(index=int(line.evaluate("option => option.index")))
    expect(picture.get_by_role("status")).to_contain_text("vssadmin.exe")
    shot("process-lineages", picture)
    fleet = processes(hosts=12, hours=3.0, seed=3)
    wanted = fleet.loc[fleet["CommandLine"].str.contains("vssadmin", na=False), "TrueProcess"].tolist()
    assert json.loads(book.text(1)) == wanted


def test_the_wheel_scrolls_the_rows_and_not_the_page(page, book):
    """Three rows down: what was row 3 is row 0."""
    picture = drawn(page, book)
    click(page, 300, 3)
    # Read at once, the line could still be the hint.
    expect(picture.get_by_role("status")).not_to_contain_text("Click a process")
    name = picture.get_by_role("status").inner_text().split(" ")[0]
    page.mouse.wheel(0, 78)
    # The wheel is told at the page's next frame, a key at once.
    expect(picture.locator(".huntbook-words [role=treeitem]").first).to_contain_text(name)
    page.keyboard.press("Escape")
    expect(picture.get_by_role("status")).to_contain_text("Click a process")
    click(page, 300, 0)
    expect(picture.get_by_role("status")).to_contain_text(name)


def test_the_legend_filters(page, book):
    """Coloured by a column, a click on one of its values leaves only its processes and what is above them."""
    picture = drawn(page, book)
    picture.get_by_label("Colour by").select_option("Attack")
    chip = picture.get_by_role("button", name="True (11)")
    chip.click()
    expect(picture.get_by_role("status")).to_contain_text("filtered or folded away")
    chip.click()
    expect(picture.get_by_role("status")).not_to_contain_text("filtered or folded away")


@pytest.fixture
def dark(page, book):
    """Give a function that makes the page dark; it's light again afterwards."""

    def darkened():
        page.evaluate(THEME, "JupyterLab Dark")
        page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
        book.wait_until_idle()
        page.wait_for_timeout(800)  # the picture redraws itself a moment after the kernel is idle

    yield darkened
    page.evaluate(THEME, "JupyterLab Light")


def test_the_dark_page_has_a_dark_picture(page, book, dark, shot):
    """The picture takes the page's theme, also in its rows."""
    picture = drawn(page, book)
    dark()
    assert book.text(2) == "dark"
    shot("process-tree-dark", picture)


@pytest.mark.parametrize(("hosts", "hours"), [(1, 0.4), (8, 12.0)], ids=["100", "10000"])
def test_forests_of_any_size_fill_the_window(page, open_notebook, shot, hosts, hours):
    """A hundred or ten thousand processes: as many rows as there are, or a window of them."""
    book = open_notebook("sizes.ipynb", DRAW.replace("hosts=12, hours=3.0", f"hosts={hosts}, hours={hours}"))
    picture = drawn(page, book)
    expect(picture.get_by_role("treeitem").nth(20)).to_be_attached()
    shot(f"process-tree-{hosts * hours:g}", picture)
