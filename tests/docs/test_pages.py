"""Every example on a page of the documentation runs in a real kernel and shows what the page says."""

from __future__ import annotations

import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from nbclient import NotebookClient
from tornado.web import RequestHandler

from huntbook import plot
from huntbook.settings.model import effective
from huntbook_server.app import HuntbookApp
from huntbook_server.handlers import ROUTES

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Its settings, and a fake Azure, are those of the pages on its components as well.
AZURE = ROOT / "docs" / "azure.md"
WIDGET = "application/vnd.jupyter.widget-view+json"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(page):
    """Yield each example in Python with the text that follows it, or None."""
    fences = [
        (found[1], found[2], found.start(), found.end()) for found in FENCE.finditer(page.read_text("utf-8"))
    ]
    for (language, code, _, end), after in zip(fences, [*fences[1:], None], strict=False):
        if language == "python":
            adjacent = after and after[0] == "text" and not page.read_text("utf-8")[end : after[2]].strip()
            yield code, after[1] if adjacent else None


def shown(cell):
    """Return what a cell printed and gave, as text, without the bars that a slow machine shows."""
    return "".join(
        output.get("text") or output.get("data", {}).get("text/plain", "") + "\n"
        for output in cell.outputs
        if not (output.output_type == "display_data" and WIDGET in output.data)
    )


def says(expected, got):
    """Say whether an output is the expected one; `…` stands for anything."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(expected.replace("…", "..."), got, flags)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if list(examples(page))], ids=lambda page: str(page.relative_to(ROOT))
)
def test_the_examples_of_a_page_run_from_top_to_bottom(page, settings_file, tmp_path, request):
    """One fresh kernel a page, no settings, an empty folder; a text block after an example is its output."""
    if page == AZURE or page.parent == AZURE.with_suffix(""):
        settings_file.write_text(
            next(found[2] for found in FENCE.finditer(AZURE.read_text("utf-8")) if found[1] == "yaml")
        )
        request.getfixturevalue("usgov")
    pairs = list(examples(page))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code, _ in pairs])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    for cell, (_, expected) in zip(notebook.cells, pairs, strict=True):
        if expected is not None:
            assert says(expected, shown(cell)), f"the page says\n{expected}and the cell shows\n{shown(cell)}"


def test_the_settings_files_on_the_pages_are_valid():
    """A reader who copies a YAML example gets no complaint."""
    blocks = [
        found[2] for page in PAGES for found in FENCE.finditer(page.read_text("utf-8")) if found[1] == "yaml"
    ]
    assert blocks
    assert [effective(yaml.safe_load(block)).problems for block in blocks if "Azure:" in block] == [()] * len(
        blocks
    )


def test_the_servers_options_on_the_pages_exist():
    """Each option that the page for administrators sets is a trait of the server extension."""
    named = set(
        re.findall(r"c\.HuntbookApp\.(\w+)", (ROOT / "docs" / "administrators.md").read_text("utf-8"))
    )
    assert named
    assert named <= set(HuntbookApp.class_trait_names(config=True))


def test_the_pages_build_without_a_warning(tmp_path):
    """Every link, heading and docstring is in order: Sphinx takes warnings for errors."""
    pytest.importorskip("sphinx", reason="the pages are built where the extra `docs` is installed")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-b",
        "html",
        "docs",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_the_reference_names_every_public_name():
    """What `huntbook` and its packages list is in the reference, by itself or with its module."""
    pages = [ROOT / "docs" / "reference.md", *(ROOT / "docs" / "reference").glob("*.md")]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    documented = [each for target in re.findall(r"auto\w+:: (\S+)", text) for each in _documents(target)]
    for package in ("huntbook", "huntbook.azure", "huntbook.views", "huntbook.compute.processes"):
        module = importlib.import_module(package)
        names = [name for name in module.__all__ if name != "__version__"]
        assert [name for name in names if not any(getattr(module, name) is each for each in documented)] == []


def test_the_reference_has_what_each_picture_gives():
    """The class of every view, with its members, and not only the function that makes it."""
    text = (ROOT / "docs" / "reference" / "pictures.md").read_text("utf-8")
    documented = set(re.findall(r"autoclass:: (\S+)", text))
    gives = {function.__annotations__["return"] for function in map(plot.__dict__.get, plot.__all__)}
    assert gives <= {name.rpartition(".")[2] for name in documented}


def _documents(target):
    """Return what one directive of the reference documents: a module with its names, or one thing."""
    try:
        module = importlib.import_module(target)
    except ModuleNotFoundError:
        home, _, name = target.rpartition(".")
        return [getattr(importlib.import_module(home), name)]
    return [module, *(getattr(module, name) for name in module.__all__)]


def test_the_table_of_routes_is_the_servers():
    """Each route of the server has a row on the page for administrators, with its verbs, and no other has."""
    page = (ROOT / "docs" / "administrators.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(huntbook/[^`]+)` \| ([A-Z, ]+) \|", page, re.MULTILINE))
    shown = {
        f"/{route.replace('REVISION', '0' * 16).replace('…', 'bokeh.min.js')}": verbs
        for route, verbs in rows.items()
    }
    assert len(shown) == len(ROUTES)
    for pattern, handler in ROUTES:
        (verbs,) = [verbs for route, verbs in shown.items() if re.fullmatch(pattern, route)]
        has = [verb for verb in ("GET", "PATCH", "POST") if _overrides(handler, verb.lower())]
        assert verbs.split(", ") == has


def _overrides(handler, verb):
    """Say whether a handler answers a verb; Tornado's own method only refuses it."""
    return getattr(handler, verb) is not getattr(RequestHandler, verb)
