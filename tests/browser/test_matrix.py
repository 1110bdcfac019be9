"""The matrix in a real browser: search, pull in, order, pages, a box selected."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PLACES_OF = (Path(__file__).parent / "bokeh.js").read_text()
DRAW = """import numpy as np, pandas as pd
from huntbook import plot
random = np.random.default_rng(3)
source = np.minimum(random.zipf(1.3, 20_000), 10_000)
frame = pd.DataFrame({
    "SourceIP": [f"10.{at // 256}.{at % 256}" for at in source],
    "DestinationIP": [f"203.0.113.{at}" for at in random.integers(0, 180, 20_000)],
})
frame["Known"] = frame["SourceIP"] == frame["SourceIP"].value_counts().index[-1]
view = plot.matrix(frame, x="SourceIP", y="DestinationIP", max_categories=40, flag="Known")
view"""
STATE = """import json
print(json.dumps({"page": view.page, "rows": len(view.selected), "found": len(frame.query(view.where("pandas"))),
                  "first": view._pairs.x.labels[0], "rare": frame["SourceIP"].value_counts().index[-2]}))"""


@pytest.fixture
def book(open_notebook):
    """Give a notebook that draws 20,000 flows of thousands of sources."""
    return open_notebook("matrix.ipynb", DRAW, STATE)


def drawn(page, book):
    """Draw, and wait until the picture is there."""
    picture = book.run(0)
    expect(picture.locator(".bk-Figure").first).to_be_visible()
    page.wait_for_function(f"() => ({PLACES_OF})([[0, 0]]) !== null")
    return picture


def test_what_is_not_shown_is_searched_and_pulled_in(page, book, shot):
    """Type, choose, and the kernel has its rows."""
    picture = drawn(page, book)
    rare = json.loads(book.text(1))["rare"]
    shot("matrix", picture)
    picture.get_by_placeholder("Search both sides").fill(rare)
    page.keyboard.press("Enter")
    picture.get_by_role("button", name=f"{rare} (1 row)").click()
    expect(picture.get_by_role("status")).to_contain_text("1 circle selected: 1 of 20,000 rows")
    shot("matrix-pulled-in", picture)
    state = json.loads(book.text(1))
    assert (state["rows"], state["found"]) == (1, 1)


def test_pages_turn_and_orders_change(page, book):
    """The picture and its words are others."""
    picture = drawn(page, book)
    before = json.loads(book.text(1))
    picture.get_by_role("button", name="Next").first.click()
    expect(picture).to_contain_text("page 2 of")
    expect(picture.get_by_role("img").first).to_have_attribute("aria-label", re.compile("page 2 of"))
    after = json.loads(book.text(1))
    assert (before["page"], after["page"], before["first"] == after["first"]) == ([0, 0], [1, 0], False)
    picture.get_by_label("Across by").select_option("fewest rows")
    expect(picture.get_by_role("img").first).to_have_attribute("aria-label", re.compile("rarest of"))


def test_a_box_selects_what_is_in_it(page, book):
    """By mouse; rows and filter agree."""
    picture = drawn(page, book)
    picture.locator(".bk-Figure").first.scroll_into_view_if_needed()
    (left, top), (right, bottom) = page.evaluate(PLACES_OF, [[-1, -1], [5, 5]])
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=6)
    page.mouse.up()
    expect(picture.get_by_role("status")).to_contain_text("circles selected")
    state = json.loads(book.text(1))
    assert state["rows"] == state["found"] > 0
