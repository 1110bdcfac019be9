"""The visual language."""

from __future__ import annotations

import pytest

from huntbook.errors import OptionError
from huntbook.figures.theme import DARK, LIGHT, require_color


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, after WCAG."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("part", "contrast"), [("text", 7), ("muted", 4.5), ("accent", 3), ("warning", 3)])
def test_contrast_with_the_ground(theme, part, contrast):
    """Text and marks meet the WCAG minimum on their ground."""
    light, dark = sorted((luminance(getattr(theme, part)), luminance(theme.ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= contrast


def test_a_colour_that_is_none_is_told_with_the_nearest():
    """The whole message."""
    with pytest.raises(OptionError) as caught:
        require_color("crimsn")
    assert str(caught.value) == (
        "color='crimsn' is not a colour. Did you mean 'crimson'? "
        "It takes a CSS name such as 'crimson', or '#rrggbb'."
    )
