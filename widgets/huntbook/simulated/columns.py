"""Columns of text from few words: each word becomes pandas' own kind of text once, not once a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

__all__ = ["text"]


def text(words: Sequence[str] | npt.NDArray[np.object_], places: npt.NDArray[np.int64]) -> Any:
    """Return the words at those places, as the text that pandas would make of them."""
    return pd.Series(words).array.take(places)
