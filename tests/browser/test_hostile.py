"""Text that an attacker wrote is shown as text: in every picture, tooltip, control and saved file, and runs nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

FRAME = r"""
import pandas as pd
from huntbook import plot
BAD = [
    '<img src=x onerror="window.pwned=1">',
    '<script>window.pwned=1</script>',
    '</script><script>window.pwned=1</script>',
    '"><svg onload="window.pwned=1">',
    "$\\href{javascript:window.pwned=1}{x}$",
    "@{rows} @x{custom} $index {{7*7}}",
    "'); window.pwned=1; ('",
    "line\nbreak \u202e reversed",
]
n = 64
time = pd.date_range("2024-03-11", periods=n, freq="7min", tz="UTC")
frame = pd.DataFrame({
    "TimeGenerated": time,
    "EndTime": time + pd.Timedelta(minutes=5),
    "Host": [BAD[at % len(BAD)] for at in range(n)],
    "Other": [BAD[(at // 3) % len(BAD)] for at in range(n)],
    "<img src=x onerror='window.pwned=1'>": [BAD[(at // 5) % len(BAD)] for at in range(n)],
    "Number": range(n),
    "Bad": [at % 16 == 0 for at in range(n)],
})
NAME = frame.columns[4]
processes = pd.DataFrame({
    "Computer": BAD[0], "pid": range(1, 25), "ppid": [0, *range(1, 24)], "when": time[:24],
    "name": [BAD[at % 8] for at in range(24)], "command": [BAD[(at + 3) % 8] for at in range(24)],
})
SCHEMA = {"process_name": "name", "process_id": "pid", "parent_id": "ppid", "time_stamp": "when",
          "cmd_line": "command", "host_name_column": "Computer", "path_separator": "/"}
views = {}
"""
PICTURES = {
    "matrix": "plot.matrix(frame, x=NAME, y='Other', title=BAD[0], flag='Bad', max_categories=5)",
    "timeline": "plot.timeline(frame, source_columns=['Host', 'Other', NAME], group_by=NAME, title=BAD[1], flag='Bad', ref_time=time[9], ref_label=BAD[0])",
    "values": "plot.timeline_values(frame, value_column='Number', source_columns=['Host', NAME], group_by='Host', title=BAD[2])",
    "durations": "plot.timeline_duration(frame, group_by=['Host', NAME], end_time_column='EndTime', title=BAD[3])",
    "tree": "plot.process_tree(processes, schema=SCHEMA, title=BAD[0])",
    "lineages": "plot.process_lineages(processes, schema=SCHEMA)",
}


@pytest.mark.parametrize("name", PICTURES)
def test_no_cell_of_any_picture_is_run(page, lab, open_notebook, name):
    """Titles, axes, labels, legends, tooltips, status lines, controls; and the file that is saved."""
    draw = f"{FRAME}\nview = {PICTURES[name]}\nview"
    book = open_notebook(f"hostile-{name}.ipynb", draw, "print(view.save('hostile.html'))")
    picture = book.run(0)
    expect(picture.locator(".bk-Figure, table").first).to_be_visible()
    look_everywhere(page, picture)
    for box in picture.get_by_role("textbox").all():
        box.fill("window")
        page.keyboard.press("Enter")
    book.wait_until_idle()
    look_everywhere(page, picture)
    assert_nothing_ran(page)
    if name == "lineages":
        return
    book.text(1)
    page.goto((Path(lab.folder) / "hostile.html").as_uri())
    expect(page.locator(".bk-Figure").first).to_be_visible()
    look_everywhere(page, page.locator("body"))
    assert_nothing_ran(page)


def look_everywhere(page, picture):
    """Move the mouse over all of a picture, so that each tooltip has been open."""
    box = picture.bounding_box()
    for down in range(12):
        for across in range(16):
            page.mouse.move(
                box["x"] + (across + 0.5) * box["width"] / 16, box["y"] + (down + 0.5) * box["height"] / 12
            )


def assert_nothing_ran(page):
    """Hold the page to have run no text of the data, and to have made no element of it."""
    assert page.evaluate("() => window.pwned") is None
    assert page.locator("img[src='x'], svg[onload], a[href^='javascript']").count() == 0
