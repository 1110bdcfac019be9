"""Claims about a list of choices in an order of the user's."""

from __future__ import annotations

import pytest

from huntbook.editor.ordered import OrderedChoices

CHOICES = [{"value": word, "label": word.upper(), "help": f"About {word}."} for word in ("a", "b", "c", "d")]


@pytest.fixture
def control():
    return OrderedChoices(CHOICES, ["c", "a"])


def labels(control):
    return [row.on.description for row in control.children]


def test_what_is_on_stands_first_in_its_order(control):
    """Those that are off follow in the order of the schema."""
    assert labels(control) == ["C", "A", "B", "D"]
    assert [row.on.value for row in control.children] == [True, True, False, False]


def test_a_tick_adds_at_the_end_and_takes_out(control):
    """A choice that is turned on is tried last."""
    control.children[3].on.value = True
    assert control.value == ["c", "a", "d"]
    control.children[0].on.value = False
    assert control.value == ["a", "d"]
    assert labels(control) == ["A", "D", "B", "C"]


def test_up_and_down_move_by_one(control):
    """The buttons change places with the neighbour."""
    control.children[1].up.click()
    assert control.value == ["a", "c"]
    control.children[0].down.click()
    assert control.value == ["c", "a"]


def test_the_ends_have_nowhere_to_go(control):
    """The first can't go up, the last can't go down, and one that is off can't go at all."""
    up = [row.up.disabled for row in control.children]
    down = [row.down.disabled for row in control.children]
    assert (up, down) == ([True, False, True, True], [False, True, True, True])
    control.move(0, -1)
    control.move(3, -1)
    assert control.value == ["c", "a"]


def test_each_button_says_what_it_moves(control):
    """Someone who hears the page instead of seeing it knows which row a button belongs to."""
    assert control.children[0].down.tooltip == "Try C later"
    assert control.children[1].up.tooltip == "Try A earlier"


def test_a_word_that_is_not_known_stays_visible(control):
    """It can be turned off, and nothing is lost before that."""
    control.value = ["x", "a"]
    assert labels(control) == ["x", "A", "B", "C", "D"]
    control.children[0].on.value = False
    assert control.value == ["a"]
