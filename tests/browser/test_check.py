"""The button Check sign-in, in the side panel and in the notebook's editor, before anything is signed in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

USGOV = "Azure:\n  cloud: usgov\n  auth_methods: [env, clientsecret, devicecode]\n"
SENTENCE = "A sign-in should work, with Device code, which asks you."
WIDEN = """width => {
  const app = window.jupyterapp;
  const layout = app.shell.saveLayout();
  const total = app.shell.node.clientWidth;
  layout.relativeSizes = [0, 1 - width / total, width / total];
  app.shell._hsplitPanel.setRelativeSizes(layout.relativeSizes);
}"""


@pytest.fixture
def panel(opened):
    """Give the panel, open on settings for another cloud."""
    return opened(USGOV)


@pytest.fixture
def check(panel):
    """Give the part of the panel that checks the sign-in."""
    return panel.get_by_role("region", name="Check sign-in")


def test_the_panel_says_what_a_sign_in_would_meet(page, check):
    """By keyboard: one sentence, the methods in order with why not and what to do, and where tokens go."""
    button = check.get_by_role("button", name="Check sign-in")
    button.focus()
    page.keyboard.press("Enter")
    expect(check.locator("[aria-live=polite]")).to_have_text(SENTENCE)
    expect(button).to_be_focused()
    methods = check.get_by_role("list", name="Ways to sign in, in order").get_by_role("listitem")
    expect(methods).to_have_count(3)
    expect(methods.nth(0)).to_contain_text("not ready")
    expect(methods.nth(0)).to_contain_text("What to do: set them where Jupyter starts")
    expect(methods.nth(2)).to_contain_text("asks you")
    expect(check).to_contain_text("Looked at on the server")
    check.get_by_role("button", name="Azure Resource Manager").focus()
    page.keyboard.press("Enter")
    expect(check).to_contain_text("https://management.usgovcloudapi.net")


def test_a_result_goes_when_the_settings_change(panel, check, write):
    """What is shown is always of the saved settings, and unsaved edits are told apart."""
    check.get_by_role("button", name="Check sign-in").click()
    expect(check).to_contain_text(SENTENCE)
    panel.get_by_label("Cloud", exact=True).select_option("cn")
    expect(check).to_contain_text("without your unsaved edits")
    expect(check).to_contain_text(SENTENCE)
    panel.get_by_role("button", name="Reset").click()
    write(USGOV.replace("usgov", "de"))
    expect(check).not_to_contain_text(SENTENCE)
    check.get_by_role("button", name="Check sign-in").click()
    expect(check).to_contain_text("A sign-in can't work: Microsoft Cloud Germany is closed.")


def test_what_goes_wrong_is_told_in_words(page, check, panel, write):
    """A server that is gone, and a file that does not parse."""
    page.route("**/huntbook/check*", lambda route: route.abort())
    check.get_by_role("button", name="Check sign-in").click()
    expect(check.locator("[aria-live=polite]")).to_have_text("The server does not answer.")
    page.unroute("**/huntbook/check*")
    write("Azure:\n  cloud: [usgov\n")
    expect(panel.get_by_label("Cloud", exact=True)).to_be_disabled()
    check.get_by_role("button", name="Check sign-in").click()
    expect(check.locator("[aria-live=polite]")).to_have_text("The check could not be done.")
    expect(check).to_contain_text("line 3, column 1")


@pytest.mark.parametrize("width", [250, 500])
def test_the_result_is_readable_in_both_themes_and_widths(page, panel, theme, width, check, violations, shot):
    """axe-core finds no fault, and nothing is wider than the panel."""
    name = theme()
    page.evaluate(WIDEN, width)
    check.get_by_role("button", name="Check sign-in").click()
    expect(check).to_contain_text(SENTENCE)
    shot(f"check-{name}-{width}", panel)
    check.get_by_role("button", name="Log Analytics").click()
    expect(check).to_contain_text("api.loganalytics.us")
    assert violations() == []
    body = panel.locator(".jp-Huntbook-body")
    assert body.evaluate("body => body.scrollWidth <= body.clientWidth")


def test_the_editor_says_it_in_the_notebook(open_notebook, write, shot):
    """The button beside Save shows the doctor's report of the kernel's own machine, below the fields."""
    write(USGOV)
    editor = open_notebook("check.ipynb", "from huntbook import MpConfigEdit\nMpConfigEdit()").run(0)
    editor.get_by_role("button", name="Check sign-in").click()
    status = editor.get_by_role("status").filter(has_text="Nothing was signed in.")
    expect(status).to_contain_text(f"{SENTENCE} Looked at on the kernel's machine")
    methods = editor.get_by_role("table", name="Ways to sign in, in order")
    expect(methods.get_by_role("row")).to_have_count(4)
    expect(methods).to_contain_text("the environment lacks AZURE_TENANT_ID")
    shot("check-editor", editor)
