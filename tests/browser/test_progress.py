"""A long query in a real JupyterLab: its bar, and Cancel while the kernel waits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from fakecloud import Answer, FakeAzure

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

WORKSPACE = "63613592-b6f7-4c3d-a390-22ba13102111"
LONG = """from datetime import UTC, datetime, timedelta
from huntbook import connect
session = connect("usgov", ["devicecode"], quiet=True)
logs = session.logs(WORKSPACE)
start = datetime(2024, 1, 1, tzinfo=UTC)
logs.query("minutes", timespan=(start, start + timedelta(hours=12)), split=timedelta(hours=1))"""


@pytest.fixture
def fake(tmp_path):
    """Give the fake clouds."""
    with FakeAzure(tmp_path) as azure:
        yield azure


@pytest.fixture
def book(fake, open_notebook, repository, tmp_path):
    """Give a notebook whose kernel sees the fake clouds and is signed in, a cell with a long query, and another."""
    told = {"HUNTBOOK_FAKE_AZURE": str(fake.folder / "redirect.json"), "REQUESTS_CA_BUNDLE": str(fake.ca)}
    prepare = f"""import os, sys
os.environ.update({told!r})
sys.path.append({str(repository / "tests")!r})
from fakecloud.redirect import install_from_environment
install_from_environment()
WORKSPACE = {WORKSPACE!r}"""
    # A name of its own gives each test a kernel of its own, without threads that the last one left.
    opened = open_notebook(f"{tmp_path.name}.ipynb", prepare, LONG, "1 + 1")
    opened.run(0)
    return opened


def start(page):
    """Run the cell with the query, and do not wait for its end."""
    page.evaluate(
        """() => {
          const app = window.jupyterapp;
          app.shell.currentWidget.content.activeCellIndex = 1;
          window.ended = app.commands.execute('notebook:run-cell');
        }"""
    )
    return page.locator(".jp-Notebook .jp-CodeCell").nth(1).locator(".jp-OutputArea")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_a_long_query_shows_how_far_it_is_and_cancel_frees_the_kernel(theme, page, book, fake, shot):
    """Seven pieces come, five hang: the bar says so; the button ends the cell, and the next cell runs at once."""
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    fake["usgov"].fault("/query", Answer(status=0), times=7)
    fake["usgov"].fault("/query", Answer(status=503, delay=120), times=5)
    output = start(page)
    expect(output.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "58")
    expect(output).to_contain_text(re.compile(r"Query: 7 of 12 pieces, \d+ s"))
    shot(f"progress-{theme.split()[1].lower()}", output)
    output.get_by_role("button", name="Cancel").click()
    # Where the message gets through the error says so; where it does not, the kernel is interrupted.
    expect(output).to_contain_text(re.compile(r"CancelledError|KeyboardInterrupt"), timeout=15_000)
    expect(output).to_contain_text(re.compile(r"Query: 7 of 12 pieces, \d+ s, cancelled"))
    expect(output.get_by_role("button")).to_have_count(0)
    # The kernel calls itself idle while it hears the button; a cell that comes before this one's end is dropped.
    page.evaluate("() => window.ended")
    assert book.text(2) == "2"


def test_the_bar_goes_when_the_query_is_done(page, book, fake):
    """What stays is a line without bar and button, above the frame."""
    fake["usgov"].fault("/query", Answer(status=0, delay=2), times=5)
    output = start(page)
    expect(output).to_contain_text(re.compile(r"Query: 12 of 12 pieces, \d+ s"))
    expect(output.get_by_role("progressbar")).to_have_count(0)
    expect(output.locator("table")).to_be_visible()
