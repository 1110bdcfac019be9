"""A device code in a real JupyterLab: shown, cancelled while the kernel waits, and gone once it was typed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from fakecloud import FakeAzure

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SIGN_IN = """from huntbook import connect
session = connect("usgov", ["devicecode"], quiet=True)
try:
    session.credential.get_token(session.cloud.scope("log_analytics"))
    print("done:", session.signed_in_with)
except Exception as error:
    print("failed:", error)
except KeyboardInterrupt:
    print("given up")
finally:
    session.close()"""


@pytest.fixture
def fake(tmp_path):
    """Give the fake clouds; in usgov nobody has typed the code yet."""
    with FakeAzure(tmp_path) as azure:
        azure["usgov"].device_polls, azure["usgov"].device_interval = 10_000, 1
        yield azure


@pytest.fixture
def book(fake, open_notebook, repository):
    """Give a notebook whose kernel sees the fake clouds, with a cell that signs in."""
    told = {"HUNTBOOK_FAKE_AZURE": str(fake.folder / "redirect.json"), "REQUESTS_CA_BUNDLE": str(fake.ca)}
    prepare = f"""import os, sys
os.environ.update({told!r})
sys.path.append({str(repository / "tests")!r})
from fakecloud.redirect import install_from_environment
install_from_environment()"""
    opened = open_notebook("device.ipynb", prepare, SIGN_IN)
    opened.run(0)
    return opened


def start(page):
    """Run the cell that signs in, and do not wait for its end."""
    page.evaluate(
        """() => {
          const app = window.jupyterapp;
          app.shell.currentWidget.content.activeCellIndex = 1;
          app.commands.execute('notebook:run-cell');
        }"""
    )
    output = page.locator(".jp-Notebook .jp-CodeCell").nth(1).locator(".jp-OutputArea")
    expect(output.get_by_text("FAKE-1234")).to_be_visible()
    return output


def test_the_code_is_shown_with_its_link_and_is_gone_once_typed(page, book, fake, shot):
    """Link, code and countdown are there; after the person typed it, neither page nor state holds the code."""
    output = start(page)
    link = output.get_by_role("link")
    expect(link).to_have_attribute("href", "https://login.microsoftonline.us/common/oauth2/deviceauth")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(output).to_contain_text("left")
    shot("device-code", output)
    for pending in fake["usgov"].pending.values():
        pending["polls"] = 0
    expect(output).to_contain_text("done: devicecode")
    expect(output).to_contain_text("signed in")
    expect(output.get_by_text("FAKE-1234")).to_have_count(0)


def test_cancel_works_while_the_kernel_waits(page, book, fake, shot):
    """The button ends the wait although the cell is still running."""
    output = start(page)
    output.get_by_role("button", name="Cancel").click()
    # Where the message gets through the chain says so; where it does not, the kernel is interrupted.
    expect(output).to_contain_text(re.compile("it was cancelled|given up"), timeout=15_000)
    expect(output).to_contain_text(re.compile("cancelled|not signed in"))
    expect(output.get_by_text("FAKE-1234")).to_have_count(0)
    shot("device-code-cancelled", output)
