"""Which categories get a place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.axes import Choice
from huntbook.compute.pairs import PairCounter
from huntbook.errors import ColumnNotFoundError


def counted(frame, x=None, y=None, **options):
    """Count by a and b."""
    return PairCounter(frame, x="a", y="b", **options).count(Choice(**(x or {})), Choice(**(y or {})))


@pytest.fixture
def talk():
    """Give a table in which d is seen once, c twice, b three times and a four times."""
    return pd.DataFrame({"a": list("aaaabbbccd"), "b": [1, 1, 2, 2, 1, 2, 2, 3, 3, 4]})


def test_pages_follow_each_other_and_hold_each_category_once(talk):
    """The busiest first; what a page does not hold is in its margin."""
    pages = [counted(talk, {"size": 3, "page": page}).x for page in (0, 1)]
    assert [page.shown for page in pages] == [["a", "b", "c"], ["d"]]
    assert [(page.page, page.pages, page.rest) for page in pages] == [(0, 2, 1), (1, 2, 3)]


@pytest.mark.parametrize(("asked", "given"), [(-5, 0), (99, 3)])
def test_a_page_that_is_not_there_is_the_nearest(talk, asked, given):
    """As a person who turns one page too many expects."""
    assert counted(talk, {"size": 1, "page": asked}).x.page == given


def test_totals_are_exact_on_every_page(talk):
    """The margin has the rows of all other pages."""
    for page in range(4):
        assert counted(talk, {"size": 1, "page": page}, {"size": 2}).table["rows"].sum() == len(talk)


def test_rarity_shows_the_rarest_and_puts_the_busy_into_the_margin(talk):
    """Fewest rows first; one side alone goes by its own rows."""
    x = counted(talk, {"order": "rarity", "size": 2}).x
    assert (x.shown, x.rest) == (["d", "c"], 2)


def test_rarity_on_both_sides_lets_the_rarest_pairs_meet():
    """A rare source that speaks to a busy address is beside it, not in the margin."""
    frame = pd.DataFrame({"a": list("aaaaaabbbbc"), "b": list("pppqqqpqrrp")})
    pairs = counted(frame, {"order": "rarity", "size": 1}, {"order": "rarity", "size": 1})
    inside = pairs.table[~pairs.in_margin]
    assert (pairs.x.shown, pairs.y.shown, inside["rows"].tolist()) == (["c"], ["p"], [1])


def test_what_is_kept_has_a_place_on_every_page(talk):
    """In the order of the others; a value that no row has is left out."""
    for page in (0, 1, 2):
        assert "d" in counted(talk, {"size": 2, "page": page, "kept": ("d", "never")}).x.shown
    assert counted(talk, {"size": 2, "kept": ("d",)}).x.shown == ["a", "d"]


def test_null_and_numbers_can_be_kept():
    """NaN has no name of its own: None stands for it."""
    frame = pd.DataFrame({"a": [1.0, 1.0, 2.0, None], "b": 0})
    assert counted(frame, {"size": 1, "kept": (None,)}).x.shown == [None]
    assert counted(frame, {"size": 1, "kept": (2.0,)}).x.shown == [2.0]


def test_categories_of_flagged_rows_have_places_first(talk):
    """The most flagged first, then the busiest; the table counts the flagged rows of each pair."""
    flagged = np.array([cell in "cd" for cell in talk["a"]])
    pairs = counted(talk, {"size": 3}, flagged=flagged)
    assert pairs.x.shown == ["a", "c", "d"]
    expected = talk.assign(flagged=flagged).groupby("a")["flagged"].sum()
    assert pairs.table.groupby("x_place")["flagged"].sum().tolist() == [
        expected["a"],
        expected["c"],
        expected["d"],
        expected["b"],
    ]


def test_similarity_puts_those_that_meet_the_same_beside_each_other():
    """Two groups that were mixed come apart on both sides, whatever their totals."""
    frame = pd.DataFrame({"a": list("axbyaxbyax"), "b": list("pvqwqwpvpv")})
    pairs = counted(frame, {"order": "similarity"}, {"order": "similarity"})
    assert [set(pairs.x.shown[:2]), set(pairs.x.shown[2:])] == [{"a", "b"}, {"x", "y"}]
    assert [set(pairs.y.shown[:2]), set(pairs.y.shown[2:])] == [{"p", "q"}, {"v", "w"}]
    assert pairs.table["rows"].sum() == len(frame)


def test_reordered_pairs_lead_to_their_own_rows():
    """The way back goes with the places."""
    frame = pd.DataFrame({"a": list("axbyaxbyaz"), "b": list("pvqwqwpvpu")})
    counter = PairCounter(frame, x="a", y="b")
    pairs = counter.count(Choice(order="similarity", size=3), Choice(order="similarity", size=3))
    for at, row in enumerate(pairs.table.itertuples()):
        found = frame.iloc[counter.positions(pairs, [at])]
        assert len(found) == row.rows
        if not pairs.in_margin[at]:
            assert set(zip(found["a"], found["b"], strict=True)) == {
                (pairs.x.shown[row.x_place], pairs.y.shown[row.y_place])
            }


def test_find_looks_in_the_labels_whatever_their_case():
    """The busiest first, shown or not."""
    counter = PairCounter(pd.DataFrame({"a": ["DC01", "WEB", "dc02", "dc02"], "b": 0}), x="a", y="b")
    assert counter.x.values(counter.x.find("Dc")) == ["dc02", "DC01"]
    assert counter.y.values(counter.y.find("dc")) == []


def test_a_missing_column_is_told():
    """By the option that named it."""
    with pytest.raises(ColumnNotFoundError, match=r"y='z'"):
        PairCounter(pd.DataFrame({"a": [1]}), x="a", y="z")
