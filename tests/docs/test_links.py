"""Every link inside the project leads somewhere; every address outside it has a safe form (none is fetched here)."""

from __future__ import annotations

import json
import pkgutil
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
NOTEBOOKS = sorted((ROOT / "binder").glob("*.ipynb"))
SOURCES = [
    path for folder in ("widgets", "jupyter_ext/huntbook_server") for path in (ROOT / folder).rglob("*.py")
]
FENCE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1\s*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)|(?:href|src|srcset)=\"([^\"]+)\"")
ADDRESS = re.compile(r"https?://[^\s<>()\[\]{}`'\"|,;]+")
PLACE = re.compile(r"(?<![\w/.])(?:binder|docs|jupyter_ext|scripts|tests|widgets)/[\w./-]*\w")
NAME = re.compile(r"`(huntbook(?:_server)?(?:\.(?!yaml`)\w+)+)(?:\(\))?`")


def text_of(path):
    """Return the prose of a page or of a notebook's Markdown cells."""
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return text


def links(path):
    """Return the targets of the links and pictures on a page, code left out."""
    prose = CODE.sub("", FENCE.sub("", text_of(path)))
    return [one or other for one, other in LINK.findall(prose)]


def anchors(path):
    """Return the names of a page's headings as links have them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text_of(path)), re.MULTILINE)
    kept = [re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()) for heading in headings]
    return {heading.strip().replace(" ", "-") for heading in kept}


def leads_nowhere(link, page):
    """Say why a link inside the project leads nowhere, or None."""
    target, _, anchor = link.partition("#")
    place = (page.parent / target).resolve() if target else page
    if not place.exists() or not place.is_relative_to(ROOT):
        return f"{link}: there is no such file"
    return f"{link}: there is no such heading" if anchor and anchor not in anchors(place) else None


@pytest.mark.parametrize("page", [*PAGES, *NOTEBOOKS], ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_inside_the_project_leads_somewhere(page):
    """Files, pictures and headings, from README, pages and notebooks."""
    inside = [link for link in links(page) if not urlsplit(link).scheme]
    assert [why for link in inside if (why := leads_nowhere(link, page))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_of_the_project_that_a_page_names_is_there(page):
    """A path in code or in a command is a path of the tree."""
    named = {place.rstrip("./") for place in PLACE.findall(page.read_text("utf-8"))}
    assert sorted(place for place in named if not (ROOT / place).exists()) == []


def test_every_address_that_is_a_link_is_encrypted_and_whole():
    """https, a host with a dot, no user name, no place of one machine."""
    outside = [link for page in [*PAGES, *NOTEBOOKS] for link in links(page) if urlsplit(link).scheme]
    assert outside
    for link in outside:
        parts = urlsplit(link)
        assert ADDRESS.fullmatch(link), link
        assert (parts.scheme, parts.username) == ("https", None), link
        assert re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", parts.netloc), link


def test_every_name_of_ours_that_a_text_refers_to_can_be_imported():
    """In docstrings, pages and notebooks: a dotted name in backticks that starts with our package."""
    texts = [*SOURCES, *PAGES, *NOTEBOOKS]
    named = {name for path in texts for name in NAME.findall(path.read_text("utf-8"))}
    assert len(named) > 20
    assert sorted(name for name in named if not resolves(name)) == []


def resolves(name):
    """Say whether a dotted name is a module, or something that a module or class has."""
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def test_a_dead_link_is_found():
    """The check itself tells a missing file and a missing heading from what is there."""
    page = ROOT / "docs" / "index.md"
    assert leads_nowhere("nowhere.md", page) == "nowhere.md: there is no such file"
    assert leads_nowhere("settings.md#nowhere", page) == "settings.md#nowhere: there is no such heading"
    assert leads_nowhere("settings.md#where-the-file-is", page) is None
    assert not resolves("huntbook.nowhere")
