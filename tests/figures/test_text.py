"""Text inside a Bokeh picture."""

from __future__ import annotations

from bokeh.models import PlainText

from huntbook.figures.text import entities, plain, text_width, tooltip, wrapped
from huntbook.figures.theme import LIGHT


def test_text_that_bokeh_would_take_for_tex_is_drawn_as_it_is():
    """TeX would also be fetched from the network."""
    for text in ("$$x^2$$", r"\(x\)", r"\[x\]"):
        assert isinstance(plain(text), PlainText)
        assert plain(text).text == text
    assert plain("5 $ a @b {c}") == "5 $ a @b {c}"


def test_entities_leave_nothing_for_the_template_to_read():
    """Neither HTML nor Bokeh's placeholders survive."""
    written = entities("<b>@x{y}$z &")
    assert not set("<>@{}$ ") & set(written)
    assert entities("naïve2") == "naïve2"


def test_tooltip_holds_names_as_entities_and_placeholders_as_they_are():
    """Only what we put in is a placeholder."""
    template = tooltip([("@hostile", "@rows{custom}")], LIGHT)
    assert "&#64;hostile" in template
    assert template.count("@") == 1


def test_wide_characters_are_wide():
    """Chinese, Japanese and Korean need about twice the room."""
    assert text_width("日本", 10) > 1.7 * text_width("ab", 10)


def test_wrapped_breaks_between_words():
    """No line is longer than asked."""
    lines = wrapped("one two three four five six seven", width=120, size=10).split("\n")
    assert " ".join(lines) == "one two three four five six seven"
    assert max(map(len, lines)) <= 21


def test_wrapped_keeps_a_number_and_its_per_cent_together():
    """No line begins with the sign."""
    lines = wrapped("the rest has 98 % of all", width=90, size=10).split("\n")
    assert len(lines) > 1
    assert not any(line.startswith("%") for line in lines)
