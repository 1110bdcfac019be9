"""Claims about what is found in one pass over a text: its data, as PyYAML's own loader builds them."""

from __future__ import annotations

import pytest
import yaml

from huntbook.settings.outline import content, outline
from huntbook.settings.splice import same

TEXTS = {
    "numbers": "[1, -2, 0x1F, 0o17, 017, 1_000, 1e3, 1.5, .inf, -.INF, .nan, 1:30, 190:20:30.15]",
    "words": "[yes, No, on, OFF, true, y, ~, null, '', '1', \"2\", = a, <, -]",
    "times": "[2024-02-29, 2024-02-29 10:11:12, 2001-12-14t21:59:43.10-05:00]",
    "keys of any kind": "{1: a, 0x1: b, 1.0: c, true: d, ~: e, 2024-01-01: f, '1': g}",
    "aliases": "a: &x [1, {b: &y 2}]\nc: *x\nd: *y\n*y : e\n",
    "a merge": "a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n",
    "tags": "a: !!str 5\nb: !!set {p, q}\nc: !!binary aGk=\nd: ! 6\n",
    "texts": "a: |\n  one\n\n  two\nb: >-\n  one\n  two\nc: 'it''s\n  more'\nd: \"\\x41\\n\"\ne: plain\n  more\n",
    "nothing": "# only words\n",
    "empty values": "a:\nb: {}\nc: []\nd: {e: }\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_a_text_says_is_what_the_loader_says(text):
    """The same values, of the same types."""
    assert same(content(text), yaml.load(text, Loader=yaml.CSafeLoader))


@pytest.mark.parametrize("text", ["a: 2024-02-31", "a: =", "a: !!python/object:os.system {}", "? [a]\n: c"])
def test_what_the_loader_refuses_is_refused_in_its_words(text):
    """A date that does not exist, a tag that names code and a list as a key come to nothing."""
    with pytest.raises((ValueError, yaml.YAMLError)) as theirs:
        yaml.load(text, Loader=yaml.CSafeLoader)
    with pytest.raises(type(theirs.value)) as ours:
        content(text)
    assert str(ours.value) == str(theirs.value)


def test_each_value_has_its_place():
    """A span cuts exactly the value out of the text, without the comment behind it."""
    text = "Azure:\n  cloud: usgov  # ours\n"
    entry = outline(text).entries[0].value.entries[0]
    assert (entry.name, text[entry.value.start : entry.value.end]) == ("cloud", "usgov")
    assert (entry.key.line, entry.key.column) == (1, 2)
