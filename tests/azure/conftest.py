"""What the tests of huntbook.azure share: the recorded examples beside the checkout."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def example(repository: Path) -> Callable[[str], Any]:
    """Give a reader of the recorded Azure examples, or skip and say so."""
    folder = repository.parent / "shared" / "azure-examples"
    if not folder.is_dir():
        pytest.skip(
            "the recorded Azure examples are not here: expected ../shared/azure-examples beside the checkout"
        )
    return lambda name: json.loads((folder / name).read_text(encoding="utf-8"))
