"""A timeline in a real browser: the rare event among many, the wheel, the row above, and a saved file without a network."""

from __future__ import annotations

import io
import time
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PLACES_OF = (Path(__file__).parent / "bokeh.js").read_text()
WARNING = (207, 34, 46)
SETUP = """import numpy as np, pandas as pd
from huntbook import plot
def events(rows):
    random = np.random.default_rng(5)
    frame = pd.DataFrame({
        "TimeGenerated": pd.Timestamp("2024-01-01", tz="UTC")
            + pd.to_timedelta(random.integers(0, 86_400_000, rows), unit="ms"),
        "host": pd.Categorical.from_codes(random.integers(0, 60, rows), [f"h{at:02}" for at in range(60)] + ["rare"]),
    })
    frame.loc[rows // 3, ["host", "TimeGenerated"]] = ["rare", pd.Timestamp("2024-01-01 15:00", tz="UTC")]
    return frame
view = plot.timeline(events(200_000), group_by="host", max_groups=12)
asked = []
inner = view._show
view._show = lambda low, high: (asked.append((low, high)), inner(low, high))
view"""


@pytest.fixture
def drawn(page, open_notebook):
    """Give the notebook and the output with the picture, once it is drawn."""
    book = open_notebook("timeline.ipynb", SETUP, "print(len(asked), view._windows[0].rows)")
    output = book.run(0)
    expect(output.locator(".bk-Figure").first).to_be_visible()
    page.wait_for_function(f"() => ({PLACES_OF})([[0, 0]]) !== null")
    return book, output


def wheel(page, place, turns):
    """Turn the wheel with Ctrl at a place, as fast as a hand does."""
    page.mouse.move(*place)
    page.keyboard.down("Control")
    for turn in turns:
        page.mouse.wheel(0, turn)
    page.keyboard.up("Control")


# Turns a wheel in the page itself, a step every few milliseconds, whatever the speed of whoever drives the browser.
SPIN = """async ([x, y, turns]) => {
  let place = document.elementFromPoint(x, y);
  while (place.shadowRoot) place = place.shadowRoot.elementFromPoint(x, y);
  for (let turn = 0; turn < turns; turn += 1) {
    const init = { deltaY: -120, ctrlKey: true, clientX: x, clientY: y, bubbles: true, cancelable: true, composed: true };
    place.dispatchEvent(new WheelEvent("wheel", init));
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}"""


def test_one_rare_event_among_200_000_is_seen_at_full_zoom_out(page, drawn, shot):
    """A triangle in the warning colour at its time, in the lane of all others."""
    from PIL import Image  # noqa: PLC0415 - only here

    _, output = drawn
    shot("timeline-rare", output)
    x, y = page.evaluate(PLACES_OF, [[1_704_121_200_000, 12]])[0]
    clip = {"x": x - 8, "y": y - 8, "width": 16, "height": 16}
    pixels = np.asarray(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")).astype(int)
    assert (np.abs(pixels - WARNING).sum(axis=2) < 60).sum() >= 20


def settled(book, status):
    """Return how often the kernel was asked, once the page shows what it answered last.

    Running a cell may come between a question and its answer: then the next run tells of both.
    """
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        book.wait_until_idle()
        asked, rows = map(int, book.text(1).split())
        if f"In view: {rows:,} of 200,000 events" in status.inner_text():
            return asked
    raise AssertionError(f"the kernel drew {rows:,} events, the page says: {status.inner_text()}")


def test_the_wheel_zooms_and_asks_the_kernel_less_often_than_it_turns(page, drawn):
    """The last stretch is the one that is drawn."""
    book, output = drawn
    place = page.evaluate(PLACES_OF, [[1_704_110_400_000, 5]])[0]
    page.mouse.move(*place)
    page.evaluate(SPIN, [*place, 25])
    status = output.get_by_role("status")
    expect(status).to_contain_text("In view: ")
    assert 1 <= settled(book, status) < 25


def test_the_window_below_is_answered_while_it_is_dragged(page, drawn):
    """Before the hand lets go, and less often than it moves."""
    book, output = drawn
    status = output.get_by_role("status")
    wheel(page, page.evaluate(PLACES_OF, [[1_704_110_400_000, 5]])[0], [-240] * 6)
    expect(status).to_contain_text("In view: ")
    first, before = settled(book, status), status.inner_text()
    # Running a cell scrolls the page.
    bar = output.locator(".bk-Figure").nth(1)
    bar.scroll_into_view_if_needed()
    box, (left, _) = bar.bounding_box(), page.evaluate(PLACES_OF, [[1_704_110_400_000, 5]])[0]
    page.mouse.move(left, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(left + 2 * step, box["y"] + box["height"] / 2)
    expect(status).not_to_have_text(before)
    page.mouse.up()
    assert 1 <= settled(book, status) - first < 60


def colours(page, places):
    """Return the colour that the screen has at each place."""
    from PIL import Image  # noqa: PLC0415 - only here

    screen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return [screen.getpixel((round(x), round(y))) for x, y in places]


def test_a_box_selects_counts_and_dims_the_others(page, drawn):
    """The kernel knows the rows; Escape gives the picture back."""
    _, output = drawn
    hour, one = 3_600_000, 1_704_114_000_000  # one o'clock has no line of the grid
    inside, outside = page.evaluate(PLACES_OF, [[one, 3], [one, 8]])
    corners = page.evaluate(PLACES_OF, [[one - hour, 1.7], [one + hour, 4.3]])
    page.mouse.move(*inside)
    expect(page.get_by_role("cell", name="events", exact=True)).to_be_visible()
    page.mouse.move(0, 0)
    before = colours(page, [inside, outside])
    page.mouse.move(*corners[0])
    page.mouse.down()
    page.mouse.move(*corners[1], steps=4)
    page.mouse.up()
    expect(output.get_by_role("status")).to_contain_text("of 200,000 events selected")
    page.mouse.move(0, 0)
    kept, dimmed = colours(page, [inside, outside])
    assert sum(np.subtract(kept, before[0])) <= 0  # no paler
    assert np.subtract(255, dimmed).sum() < np.subtract(255, before[1]).sum() / 2
    page.mouse.move(*outside)
    page.keyboard.press("Escape")
    expect(output.get_by_role("status")).not_to_contain_text("selected")
    page.mouse.move(0, 0)
    assert colours(page, [inside, outside]) == before


def test_the_row_above_finds_a_lane_among_many(page, drawn, shot):
    """Search, order and pages, by the keyboard too."""
    _, output = drawn
    output.get_by_placeholder("Search host").fill("rare")
    page.keyboard.press("Enter")
    expect(output.get_by_text("1 group", exact=True)).to_be_visible()
    shot("timeline-search", output)
    output.get_by_placeholder("Search host").fill("")
    page.keyboard.press("Enter")
    expect(output.get_by_text("1 to 12 of 61", exact=True)).to_be_visible()
    output.get_by_role("button", name="Next").click()
    expect(output.get_by_text("13 to 24 of 61", exact=True)).to_be_visible()
    output.get_by_label("Order by").select_option("name")
    expect(output.get_by_text("1 to 12 of 61", exact=True)).to_be_visible()
    shot("timeline-lanes", output)


def test_a_saved_timeline_opens_without_a_network(page, tmp_path):
    """The picture, and the line that says that it is a snapshot."""
    from huntbook import plot, samples  # noqa: PLC0415 - drawn in this process

    flows = samples.network_flows(rows=2_000)
    path = plot.timeline(flows, group_by="Protocol").save(tmp_path / "a.html")
    page.context.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    expect(page.locator(".bk-Figure").first).to_be_visible()
    expect(page.locator(".huntbook-snapshot")).to_contain_text("A snapshot of 2,000 of 2,000 rows")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
