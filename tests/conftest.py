"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

# pytest takes plugins from the topmost conftest only.
pytest_plugins = ["pytest_jupyter.jupyter_server"]

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    """Give the root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real recordings that lies beside the checkout, or skip and say so."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(
            "the real recordings are not here: expected the folder ../shared/data beside the checkout"
        )
    return folder
