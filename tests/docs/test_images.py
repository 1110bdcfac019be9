"""The pictures of README and docs: there in both themes, small, and none without a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
NAMED = re.compile(r"\{huntbook-picture\} ([\w-]+)|docs/images/([\w-]+)-light\.webp")
LARGEST = 100_000
LARGEST_TOGETHER = 1_500_000


def named():
    """Return the name of each picture that a page shows."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    return {one or other for page in pages for one, other in NAMED.findall(page.read_text("utf-8"))}


def test_every_picture_is_there_light_and_dark_and_has_a_page():
    """`scripts/gallery` draws what is missing; what no page shows is deleted."""
    expected = {f"{name}-{theme}.webp" for name in named() for theme in ("light", "dark")}
    assert {path.name for path in IMAGES.iterdir()} == expected


def test_the_pictures_weigh_little():
    """A clone stays quick: a tenth of a megabyte each, one and a half together."""
    sizes = [path.stat().st_size for path in IMAGES.iterdir()]
    assert max(sizes) < LARGEST
    assert sum(sizes) < LARGEST_TOGETHER


@pytest.mark.parametrize("name", sorted(named()))
def test_light_and_dark_are_the_same_picture(name):
    """The same size, and grounds that differ as the names say."""
    light, dark = (Image.open(IMAGES / f"{name}-{theme}.webp").convert("L") for theme in ("light", "dark"))
    assert light.size == dark.size
    assert light.resize((1, 1)).getpixel((0, 0)) > 150 > dark.resize((1, 1)).getpixel((0, 0))
