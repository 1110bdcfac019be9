"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from IPython.core.getipython import get_ipython
from IPython.testing.globalipapp import start_ipython

from fakecloud import FakeAzure

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a busy machine is slow at is no failure; benchmarks measure time.
hypothesis.settings.register_profile("huntbook", deadline=None)
hypothesis.settings.load_profile("huntbook")

REPOSITORY = Path(__file__).resolve().parents[1]
_MARKED_FOLDERS = ("browser", "package")


def pytest_itemcollected(item):
    """Mark what a folder's tests need, so that no file can forget to."""
    folder = item.path.parent.name
    if folder in _MARKED_FOLDERS:
        item.add_marker(folder)


def pytest_collection_modifyitems(items):
    """Begin with what builds and installs for minutes, or one process is alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("package") is None)


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


@pytest.fixture
def settings_file(tmp_path, monkeypatch) -> Path:
    """Give the path of the settings file that this test's process uses; the file is not there yet."""
    path = tmp_path / "msticpyconfig.yaml"
    monkeypatch.setenv("MSTICPYCONFIG", str(path))
    return path


@pytest.fixture
def usgov(tmp_path, monkeypatch) -> Iterator[FakeAzure]:
    """Put fakes of every cloud behind the real names, az signed in to usgov, here and in processes that are started."""
    folder = tmp_path / "fake"
    folder.mkdir()
    with FakeAzure(folder) as fake, fake.redirected():
        for name, value in {**fake.environment(), **fake.signed_in("usgov")}.items():
            monkeypatch.setenv(name, value)
        yield fake
        assert fake.others("usgov") == []
        assert fake.strays == []


@pytest.fixture
def shell(settings_file):
    """Give the one real IPython of this process, with settings of its own."""
    running = start_ipython() or get_ipython()
    before = set(running.user_ns)
    yield running
    for name in set(running.user_ns) - before:
        del running.user_ns[name]
