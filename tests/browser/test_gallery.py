"""The pictures of the documentation, drawn anew from the examples above them, light and dark."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.gallery, pytest.mark.timeout(180)]

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(python|\{huntbook-picture\} ([\w-]+))\n(.*?)^```$", re.MULTILINE | re.DOTALL)
THEMES = ("light", "dark")
SIZE = {"width": 1240, "height": 1500}
LARGEST = 100_000
DRAWN = ".huntbook-editor, .bk-Figure"
IS_STILL = """() => typeof Bokeh === 'undefined'
  || Bokeh.documents.every((document) => document.is_idle)"""
# Where the files of a test lie differs from run to run.
QUIET = ".jp-Huntbook-path, .huntbook-path { visibility: hidden }"
WORKBENCH = (
    """\
from huntbook import mp_pandas_plot, samples

case = samples.incident(rows=20_000, seed=7)
case.alerts.mp_plot.timeline(group_by="AlertName", flag="AlertSeverity == 'High'")""",
    """\
tree = case.processes.mp_plot.process_tree(flag="CommandLine.str.contains('vssadmin delete', na=False)", height=340)
tree.search("vssadmin delete")
tree""",
)


def pictures():
    """Yield the name of each picture, with the examples from the top of its page to it."""
    named = {"workbench"}
    for page in sorted((ROOT / "docs").rglob("*.md")):
        sources = []
        for language, name, body in FENCE.findall(page.read_text("utf-8")):
            if language == "python":
                sources.append(body.strip())
            elif sources and name not in named:
                named.add(name)
                yield pytest.param(name, tuple(sources), id=name)


@pytest.fixture
def keep(page):
    """Give a function that keeps a picture of a place once it stands still, in the documentation when asked."""
    folder = Path(os.environ.get("HUNTBOOK_GALLERY", ROOT / "tests" / "browser" / "out"))
    folder.mkdir(parents=True, exist_ok=True)

    def kept(name, place):
        page.mouse.move(0, 0)
        page.wait_for_function(IS_STILL)
        before, taken = b"", place.screenshot(animations="disabled", style=QUIET)
        while taken != before:
            before, taken = taken, place.screenshot(animations="disabled", style=QUIET)
        path = folder / f"{name}.webp"
        # Without loss is smaller here than with some: few colours, much ground.
        Image.open(io.BytesIO(taken)).convert("RGB").save(path, lossless=True, method=6)
        assert path.stat().st_size < LARGEST

    return kept


@pytest.fixture
def dressed(page):
    """Give a function that turns JupyterLab light or dark, with both side areas closed; afterwards it is light."""

    def turned(theme):
        page.evaluate(
            "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})",
            f"JupyterLab {theme.title()}",
        )
        expect(page.locator(f"body[data-jp-theme-light='{str(theme == 'light').lower()}']")).to_be_attached()
        page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); }")

    yield turned
    turned("light")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("name", "sources"), list(pictures()))
def test_a_picture_of_a_page_is_what_its_example_gives(
    page, lab, open_notebook, dressed, keep, name, sources, theme
):
    """The examples of the page run from the top, and the last one's output is the picture."""
    lab.settings.unlink(missing_ok=True)
    page.set_viewport_size(SIZE)
    book = open_notebook(f"{name}.ipynb", *sources)
    dressed(theme)
    for index in range(len(sources)):
        output = book.run(index)
    place = output.locator(".jp-OutputArea-output").last
    expect(place.locator(DRAWN).first).to_be_visible()
    keep(f"{name}-{theme}", place)


@pytest.mark.parametrize("theme", THEMES)
def test_the_workbench_of_the_readme(page, lab, open_notebook, dressed, keep, theme):
    """A notebook with the story's picture in it, and the panel with the cloud beside it."""
    lab.settings.parent.mkdir(exist_ok=True)
    lab.settings.write_text("Azure:\n  cloud: usgov\n  auth_methods: [cli, devicecode]\n")
    page.set_viewport_size({"width": 1440, "height": 1080})
    book = open_notebook(f"hunt-{theme}.ipynb", *WORKBENCH)
    dressed(theme)
    if not page.get_by_role("region", name="huntbook settings").is_visible():
        page.locator(".jp-SideBar .lm-TabBar-tab[title^='huntbook settings']").click()
    for index in range(len(WORKBENCH)):
        picture = book.run(index)
        expect(picture.locator(DRAWN).first).to_be_visible()
    picture.get_by_role("button", name="Lineage only").click()
    page.evaluate("() => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0; }")
    keep(f"workbench-{theme}", page)
    lab.settings.unlink(missing_ok=True)
