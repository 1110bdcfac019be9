"""A real JupyterLab, a real kernel and a real Chromium, on this machine alone."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    BrowserContext,
    Error,
    Locator,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

SECONDS_TO_START = 60
MILLISECONDS_TO_SHOW = 30_000
# A wait ends when the condition holds; its bound only says when to give up, also on a busy machine.
expect.set_options(timeout=MILLISECONDS_TO_SHOW)
# Debian's Chromium looks for Google's hosts at start; these keep a closed network quiet.
QUIET_CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WINDOW: ViewportSize = {"width": 1400, "height": 900}
# What a page can leave in Chromium, but for the scripts that it fetched.
LEFT_BY_PAGES = "cookies,local_storage,indexeddb,file_systems,cache_storage,service_workers,shared_storage"


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address, the folder that it serves, its settings file."""

    url: str
    token: str
    folder: Path
    settings: Path

    def address(self, path: str) -> str:
        """Return the address of `path` in this server, with the token that opens it and a layout as when new."""
        return f"{self.url}{path}?token={self.token}&reset"

    def notebook(self, name: str, *sources: str) -> str:
        """Write a notebook with a code cell for each source, and return the path that opens it."""
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        # Without a kernelspec JupyterLab asks for one in a dialog that blocks every click.
        kernel = {
            "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        }
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), self.folder / name)
        return f"lab/tree/{name}"


def start_lab(folder: Path) -> Iterator[Lab]:
    """Start a JupyterLab that knows nothing of this machine's own Jupyter settings; end it afterwards."""
    served, settings, token = (
        folder / "served",
        folder / "settings" / "msticpyconfig.yaml",
        secrets.token_hex(16),
    )
    for made in (served, folder / "config" / "labconfig"):
        made.mkdir(parents=True)
    # The news toast covers the corner and steals clicks.
    page_config = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (folder / "config" / "labconfig" / "page_config.json").write_text(json.dumps(page_config))
    env = {
        **os.environ,
        "HOME": str(folder),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTER_TOKEN": token,
        "MSTICPYCONFIG": str(settings),
    }
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--port=0",
    ]
    exposed = [f"--{app}.expose_app_in_browser=True" for app in ("LabApp", "JupyterNotebookApp")]
    options = [f"--ServerApp.root_dir={served}", *exposed]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen([*command, *options], env=env, stdout=log, stderr=log, cwd=served)
        try:
            yield Lab(wait_for_address(process, folder), token, served, settings)
        finally:
            process.terminate()
            # It ends its kernels first, which takes a busy machine a while.
            process.wait(timeout=120)


def wait_for_address(process: subprocess.Popen[bytes], folder: Path) -> str:
    """Return the address that the server wrote down, once it listens there; it writes first."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        for file in (folder / "runtime").glob("jpserver-*.json"):
            with contextlib.suppress(json.JSONDecodeError, KeyError, ConnectionRefusedError):
                address = json.loads(file.read_text())["url"]
                parts = urlsplit(address)
                socket.create_connection((parts.hostname, parts.port)).close()
                return address
        time.sleep(0.05)
    raise AssertionError(f"JupyterLab did not start:\n{(folder / 'server.log').read_text()[-3000:]}")


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> Iterator[Lab]:
    """Give one JupyterLab for all browser tests."""
    yield from start_lab(tmp_path_factory.mktemp("lab"))


@pytest.fixture(scope="session")
def profile(tmp_path_factory) -> Path:
    """Give the folder in which Chromium keeps JupyterLab's scripts and what it compiled of them."""
    return tmp_path_factory.mktemp("profile")


@pytest.fixture(scope="module")
def chromium(profile) -> Iterator[BrowserContext]:
    """Give one Chromium for the browser tests of a file.

    Not for longer: as long as it is there an event loop counts as running, and what the widgets do
    in a running loop is another test's matter.
    """
    found = os.environ.get("HUNTBOOK_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        # Compiling JupyterLab anew for each test costs more than most tests.
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=found, args=list(QUIET_CHROMIUM), viewport=WINDOW
        )
        yield context
        context.close()


@dataclass
class Watched:
    """What a page asked for and what went wrong in it."""

    hosts: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


@pytest.fixture
def watched() -> Watched:
    """Give the record of what this test's page asked for and what failed in it."""
    return Watched()


@pytest.fixture
def page(chromium, watched, lab) -> Iterator[Page]:
    """Give a fresh page; afterwards nothing may have left this machine and no script may have failed."""

    def asked(request: Request) -> None:
        watched.hosts.add(urlsplit(request.url).hostname or "")

    chromium.set_default_timeout(MILLISECONDS_TO_SHOW)
    chromium.on("request", asked)
    page = chromium.new_page()
    page.on("websocket", lambda socket: watched.hosts.add(urlsplit(socket.url).hostname or ""))
    page.on("pageerror", lambda error: watched.faults.append(str(error)))
    yield page
    forget(chromium, lab)
    chromium.remove_listener("request", asked)
    # Addresses without a host are the page's own: data, blob and about.
    assert watched.hosts <= {"127.0.0.1", "localhost", ""}
    assert watched.faults == []


def forget(chromium: BrowserContext, lab: Lab) -> None:
    """End every page but the empty one that keeps Chromium open, then drop what they left there except the scripts."""
    empty, *pages = chromium.pages
    for page in pages:
        page.close()
    origin = {"origin": lab.url.rstrip("/"), "storageTypes": LEFT_BY_PAGES}
    devtools = chromium.new_cdp_session(empty)
    devtools.send("Storage.clearDataForOrigin", origin)
    devtools.detach()
    chromium.set_offline(False)
    chromium.clear_cookies()
    chromium.clear_permissions()


@pytest.fixture
def started(page, lab):
    """Give a function that opens JupyterLab and waits until it has laid itself out.

    What it opens last takes the keyboard's focus, from a test that had begun as well.
    """

    def opened() -> None:
        page.goto(lab.address("lab"))
        page.wait_for_function("() => window.jupyterapp")
        page.evaluate("() => window.jupyterapp.restored.then(() => true)")
        expect(page.locator(".jp-LauncherCard").first).to_be_visible()

    return opened


# Notebook 7 throws these two by itself when its right area opens; both stacks are in its own bundle.
NOTEBOOK_7_FAULTS = ("reading 'schema'", "filebrowser:open-path")
REGION = "#huntbook-settings"


@pytest.fixture
def front_end() -> str:
    """Give the front end that the panel is opened in; a file whose tests hold in both gives both."""
    return "JupyterLab"


@pytest.fixture
def open_panel(page, lab, started, watched, front_end):
    """Give a function that opens the panel as a person does."""

    def in_lab() -> None:
        started()
        page.locator(".jp-SideBar .lm-TabBar-tab[title^='huntbook settings']").click()

    def in_notebook() -> None:
        """Open it by its shortcut, because Notebook 7 has no bar of tabs at its side."""
        lab.notebook("seven.ipynb", "1 + 1")
        page.goto(lab.address("notebooks/seven.ipynb"))
        expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']")).to_be_attached()
        # A key is lost while Notebook still reads its settings, and opening twice does no harm.
        while not page.locator(REGION).is_visible():
            page.keyboard.press("Control+Alt+h")
            page.wait_for_timeout(100)

    def opened() -> Locator:
        in_lab() if front_end == "JupyterLab" else in_notebook()
        panel = page.get_by_role("region", name="huntbook settings")
        expect(panel.get_by_role("tab", name="Azure")).to_be_visible()
        return panel

    yield opened
    if front_end != "JupyterLab":
        own = [fault for fault in watched.faults if any(words in fault for words in NOTEBOOK_7_FAULTS)]
        watched.faults[:] = [fault for fault in watched.faults if fault not in own]


@pytest.fixture
def write(lab):
    """Give a function that writes the settings file in one step, as another program does."""

    def replace(text: str) -> None:
        lab.settings.parent.mkdir(exist_ok=True)
        beside = lab.settings.with_suffix(".new")
        beside.write_text(text)
        beside.replace(lab.settings)

    return replace


@pytest.fixture
def site(lab):
    """Give a function that writes the administrator's file; it goes away afterwards."""
    path = lab.folder.parent / "config" / "huntbook.yaml"
    yield path.write_text
    path.unlink(missing_ok=True)


@pytest.fixture
def opened(open_panel, write):
    """Give a function that opens the panel on a settings file with some text."""

    def panel_on(text: str) -> Locator:
        write(text)
        return open_panel()

    return panel_on


@pytest.fixture(params=["Light", "Dark"])
def theme(request, page):
    """Give a function that turns the page to each theme and says which; afterwards it is light again."""

    def change(name: str) -> str:
        page.evaluate(
            "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: `JupyterLab ${name}`})",
            name,
        )
        expect(page.locator(f"body[data-jp-theme-light='{str(name == 'Light').lower()}']")).to_be_attached()
        return name.lower()

    yield lambda: change(request.param)
    change("Light")


@pytest.fixture
def violations(page):
    """Give a function that returns what axe-core finds in a part of the page, the panel at first."""

    def found(within: str = REGION) -> list[str]:
        rules = Axe().run(page, context=within).response["violations"]
        return [f"{rule['id']}: {node['html'][:150]}" for rule in rules for node in rule["nodes"]]

    return found


class OpenNotebook:
    """A notebook that is open in JupyterLab, with what a person does in it."""

    def __init__(self, page: Page, lab: Lab, path: str) -> None:
        self.page = page
        page.goto(lab.address(path))
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Wait until the kernel has started and has nothing to do."""
        self.page.wait_for_function(
            """() => {
              const app = window.jupyterapp;
              const panel = app && app.shell.currentWidget;
              const context = panel && panel.sessionContext;
              return Boolean(context && context.session && context.session.kernel
                && context.session.kernel.status === 'idle' && panel.content.widgets.length);
            }"""
        )

    def run(self, index: int) -> Locator:
        """Run the cell at `index`, wait for its end, and return the place of its output."""
        self.page.evaluate(
            """async index => {
              const app = window.jupyterapp;
              app.shell.currentWidget.content.activeCellIndex = index;
              app.shell.currentWidget.content.deselectAll();
              await app.commands.execute('notebook:run-cell');
            }""",
            index,
        )
        cell = self.page.locator(".jp-Notebook .jp-CodeCell").nth(index)
        output = cell.locator(".jp-OutputArea")
        expect(
            output.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")
        ).to_have_count(0)
        cell.scroll_into_view_if_needed()
        return output

    def text(self, index: int) -> str:
        """Run the cell at `index` and return its text output."""
        output = self.run(index).locator(".jp-OutputArea-output").last
        expect(output).to_be_visible()
        return output.inner_text().strip()

    def save(self) -> None:
        """Save the notebook to its file."""
        self.page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.context.save(); }")


@pytest.fixture
def open_notebook(page, lab):
    """Give a function that writes a notebook from sources and opens it."""

    def opened(name: str, *sources: str) -> OpenNotebook:
        return OpenNotebook(page, lab, lab.notebook(name, *sources))

    return opened


@pytest.fixture
def shot(page, request, repository):
    """Give a function that keeps a picture of the page under a name; also for the documentation when asked."""
    folder = Path(os.environ.get("HUNTBOOK_SCREENSHOTS", repository / "tests" / "browser" / "out"))
    folder.mkdir(parents=True, exist_ok=True)

    def taken(name: str, of: Locator | Page | None = None) -> None:
        with contextlib.suppress(Error):
            page.mouse.move(0, 0)
        # Where the file lies differs from run to run.
        (of or page).screenshot(path=folder / f"{name}.png", style=".jp-Huntbook-path { visibility: hidden }")

    return taken
