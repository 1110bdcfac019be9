"""What the tests of huntbook.azure share: a fake Azure, a bare machine, and the recorded examples."""

from __future__ import annotations

import json
import logging
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from fakecloud import FakeAzure
from fakecloud.browser import FakeBrowser
from huntbook.azure import Cloud, connect, find_cloud

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from huntbook.azure import AzureSession

# What says that a machine, an account or a browser is there.
_TELLTALES = (
    "AZURE",
    "MSI_",
    "IDENTITY_",
    "JUPYTERHUB",
    "CODESPACES",
    "KUBERNETES",
    "BINDER",
    "COLAB",
    "SSH_",
    "ARM_",
)
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")


@pytest.fixture(scope="session")
def examples(repository: Path) -> Path:
    """Give the folder of the recorded Azure examples, or skip and say so."""
    folder = repository.parent / "shared" / "azure-examples"
    if not folder.is_dir():
        pytest.skip(
            "the recorded Azure examples are not here: expected ../shared/azure-examples beside the checkout"
        )
    return folder


@pytest.fixture(scope="session")
def example(examples: Path) -> Callable[[str], Any]:
    """Give a reader of the recorded Azure examples, or skip and say so."""
    return lambda name: json.loads((examples / name).read_text(encoding="utf-8"))


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Take away whatever could sign in here; give the home folder, which is empty."""
    for name in list(os.environ):
        if name.startswith(_TELLTALES) or name in _DISPLAYS:
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("MSTICPYCONFIG", str(home / "msticpyconfig.yaml"))
    return home


@pytest.fixture
def azure(tmp_path: Path, bare_machine: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAzure]:
    """Give the fake clouds under their real names; any other name that is asked for fails the test."""
    with FakeAzure(tmp_path) as fake, fake.redirected():
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(fake.ca))
        yield fake
        assert fake.strays == []


@pytest.fixture
def browser(azure: FakeAzure, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBrowser]:
    """Give the kernel's machine a browser that signs in by itself."""
    monkeypatch.setenv("BROWSER", "fake")
    with FakeBrowser().registered() as fake:
        yield fake


@pytest.fixture
def az(azure: FakeAzure, bare_machine: Path) -> Callable[[str], None]:
    """Put a stub of az on the PATH; the function that comes back sets its active cloud."""

    def use(arm_name: str) -> None:
        azure.write_program("az")
        folder = bare_machine / ".azure"
        folder.mkdir(exist_ok=True)
        (folder / "config").write_text(f"[cloud]\nname = {arm_name}\n", encoding="utf-8")

    return use


@pytest.fixture
def cloud_named() -> Callable[[str], Cloud]:
    """Give a function from a fake cloud's name to huntbook's cloud; ``lab`` is a custom one."""
    return lambda name: (
        Cloud.from_metadata("https://management.lab.example") if name == "lab" else find_cloud(name)
    )


@pytest.fixture
def open_session() -> Iterator[Callable[..., AzureSession]]:
    """Give `connect` without its line of text; sessions are closed at the end."""
    sessions: list[AzureSession] = []

    def open_one(*args: Any, **options: Any) -> AzureSession:
        sessions.append(connect(*args, quiet=True, **options))
        return sessions[-1]

    yield open_one
    for session in sessions:
        session.close()


@pytest.fixture
def debug_log() -> Iterator[list[str]]:
    """Collect every record of every logger, as text with tracebacks."""
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    root, collector = logging.getLogger(), Collector(logging.DEBUG)
    before = root.level
    root.addHandler(collector)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(before)
    root.removeHandler(collector)


_MEASURED = pytest.StashKey[list[str]]()


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Give a function that keeps what a test measured for the end of the run."""
    return request.config.stash.setdefault(_MEASURED, []).append


_TALLY = pytest.StashKey[Counter[str]]()


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Give a function that counts what was tried, for the end of the run."""
    counts = request.config.stash.setdefault(_TALLY, Counter())
    return lambda name: counts.update([name])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was measured, so that every run shows the figures."""
    for line in config.stash.get(_MEASURED, []):
        terminalreporter.write_line(f"measured: {line}")
    for name, count in config.stash.get(_TALLY, Counter()).items():
        terminalreporter.write_line(f"tried: {name}: {count}")
