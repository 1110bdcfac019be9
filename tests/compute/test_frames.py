"""What every picture asks of the frame."""

from __future__ import annotations

import pandas as pd
import pytest

from huntbook.compute.frames import require_column, require_frame
from huntbook.errors import ColumnNotFoundError, DataError


def test_a_frame_of_another_library_is_told_how_to_become_one():
    """The message names the kind and the fix."""
    with pytest.raises(DataError) as caught:
        require_frame([1, 2])
    assert str(caught.value) == (
        "frame is a builtins.list; this is drawn from a pandas DataFrame. "
        "Convert it first, most libraries do it by `.to_pandas()`."
    )


def test_an_empty_frame_is_told():
    """There is nothing to draw, and the likely cause is named."""
    with pytest.raises(DataError) as caught:
        require_frame(pd.DataFrame({"a": []}))
    assert str(caught.value) == (
        "The frame is empty (0 rows, 1 columns), so there is nothing to draw. "
        "Check the query's time range and filters."
    )


def test_a_column_name_that_no_frame_can_have_is_not_found():
    """A list is no name."""
    with pytest.raises(ColumnNotFoundError, match=r"^x=\"\['a'\]\": the frame has no such column"):
        require_column(pd.DataFrame({"a": [1]}), ["a"], option="x")
