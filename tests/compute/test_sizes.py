"""From value to diameter."""

from __future__ import annotations

import numpy as np
import pytest

from huntbook.compute.sizes import diameters


def test_area_is_proportional_to_the_value():
    """Four times the value is twice the diameter."""
    assert diameters(np.array([100, 25]), largest=20).tolist() == [20, 10]


def test_log_size_makes_the_diameter_follow_the_logarithm():
    """log(1 + value), so that one is not nothing."""
    drawn = diameters(np.array([9, 99, 999]), largest=20, log_size=True)
    np.testing.assert_allclose(drawn, 20 * np.log1p([9, 99, 999]) / np.log1p(999), rtol=1e-6)


def test_invert_makes_the_smallest_value_the_largest_circle():
    """Area is proportional to one over the value; zero is like the smallest above zero."""
    assert diameters(np.array([1, 4, 0]), largest=20, invert=True).tolist() == [20, 10, 20]


def test_invert_and_log_size_together_keep_every_pair_visible():
    """The commonest pair is small, not gone."""
    drawn = diameters(np.array([1, 10, 1000]), largest=20, invert=True, log_size=True)
    assert drawn[0] == 20 > drawn[1] > drawn[2] >= 4


def test_intersect_draws_all_alike_whatever_else_is_asked():
    """Only whether a pair occurs is shown."""
    assert (
        len(set(diameters(np.array([1, 500, 0]), largest=20, intersect=True, log_size=True, invert=True)))
        == 1
    )


def test_sums_below_zero_are_sized_by_what_they_amount_to():
    """The sign is drawn otherwise."""
    assert diameters(np.array([-100, 25]), largest=20).tolist() == [20, 10]


@pytest.mark.parametrize(
    "options", [{}, {"log_size": True}, {"invert": True}, {"invert": True, "log_size": True}]
)
@pytest.mark.parametrize("values", [[1, 10**9], [0, 0], [0.001, 0.002], [-3, 0], [1], []])
@pytest.mark.parametrize("largest", [4.0, 26.0])
def test_every_circle_can_be_seen_and_none_is_too_large(values, largest, options):
    """Nothing vanishes and nothing covers its neighbour, whatever the values."""
    drawn = diameters(np.array(values, dtype=float), largest=largest, **options)
    assert np.isfinite(drawn).all()
    assert ((drawn >= 2) & (drawn <= largest)).all()
