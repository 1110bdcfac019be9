"""Ten million events in a real browser: a hand on the wheel is answered at once, and the page never hangs."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import expect

# Minutes of work: asked for by name, as the benchmark of the same promise.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        "HUNTBOOK_MILLION" not in os.environ, reason="set HUNTBOOK_MILLION=1 to measure ten million events"
    ),
]

PLACES_OF = (Path(__file__).parent / "bokeh.js").read_text()
BUILD = """import json, time
import numpy as np, pandas as pd
from huntbook import plot
rows, random = 10_000_000, np.random.default_rng(5)
frame = pd.DataFrame({
    "TimeGenerated": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 86_400_000_000, rows), unit="us"),
    "host": pd.Categorical.from_codes(random.integers(0, 60, rows), [f"h{at:02}" for at in range(60)]),
})
plot.timeline(frame.head(1_000), group_by="host")
len(frame)"""
DRAW = """begun = time.perf_counter()
view = plot.timeline(frame, group_by="host", max_groups=20)
took = time.perf_counter() - begun
answers = []
inner = view._seen
def seen(start, end):
    begun = time.perf_counter()
    inner(start, end)
    answers.append(time.perf_counter() - begun)
view._seen = seen
view"""
TOOK = """state = view.children[-1].picture.get_state("render_bundle")["render_bundle"]
print(json.dumps([took, len(state), answers]))"""
NOON, QUARTER = 1_704_110_400_000, "view.zoom('2024-01-01 09:00', '2024-01-01 15:00')"
LONG_TASKS = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((entry) => entry.duration)))
    .observe({ entryTypes: ["longtask"] });
}"""


def answered(page, status, act):
    """Return the milliseconds from an act to the frame after the status line that answers it."""
    place, before, begun = status.element_handle(), status.inner_text(), time.perf_counter()
    act()
    page.wait_for_function(
        "([place, before]) => place.innerText !== before", arg=[place, before], polling="raf"
    )
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return (time.perf_counter() - begun) * 1_000


def dragged(page, status, place, right):
    """Take hold of the window of the bar below, and return the milliseconds from a move to the answer."""
    x, y = place
    page.mouse.move(x, y)
    page.mouse.down()
    answered(page, status, lambda: page.mouse.move(x + right / 2, y))
    took = answered(page, status, lambda: page.mouse.move(x + right, y))
    page.mouse.up()
    return took


def test_ten_million_events_pan_and_zoom(page, open_notebook, shot, repository):
    """Wheel or drag to redrawn picture under 250 ms at the median, and no task of the page's over 200 ms."""
    book = open_notebook("ten-million.ipynb", BUILD, DRAW, TOOK, QUARTER)
    page.context.set_default_timeout(240_000)
    assert int(book.text(0)) == 10_000_000
    picture = book.run(1)
    expect(picture.locator(".bk-Figure").first).to_be_visible()
    page.wait_for_function(f"() => ({PLACES_OF})([[0, 0]]) !== null")
    shot("timeline-ten-million", picture)
    status = picture.get_by_role("status")
    noon, height = page.evaluate(PLACES_OF, [[NOON, 5]])[0]
    page.mouse.move(noon, height)
    page.evaluate(LONG_TASKS)
    page.keyboard.down("Control")
    turns = [
        answered(page, status, lambda turn=turn: page.mouse.wheel(0, turn))
        for turn in [-240] * 14 + [240] * 6
    ]
    page.keyboard.up("Control")
    shot("timeline-ten-million-zoomed", picture)
    book.run(3)
    bar = picture.locator(".bk-Figure").nth(1).bounding_box()
    middle, far = bar["y"] + bar["height"] / 2, 40
    drags = [dragged(page, status, (noon + at % 2 * far, middle), (1, -1)[at % 2] * far) for at in range(10)]
    tasks = page.evaluate("() => window.longTasks")
    took, size, answers = json.loads(book.text(2))
    found = {
        "first picture, s": took,
        "bytes": size,
        "wheel to picture, ms": median(turns),
        "each": turns,
        "drag to picture, ms": median(drags),
        "each drag": drags,
        "kernel's answer, ms": median(answers) * 1_000,
        "longest task, ms": max(tasks, default=0),
    }
    (repository / "tests" / "browser" / "out" / "timeline-ten-million.json").write_text(json.dumps(found))
    assert size < 1_000_000
    assert median(turns) < 250
    assert median(drags) < 250
    assert max(tasks, default=0) < 200
