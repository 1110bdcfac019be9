"""What several kinds of figures are drawn from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="package")
def many():
    """Give 20,000 events of one day in 30 groups."""
    random = np.random.default_rng(4)
    return pd.DataFrame(
        {
            "TimeGenerated": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(random.integers(0, 86_400, 20_000), unit="s"),
            "kind": random.integers(0, 30, 20_000),
        }
    )
