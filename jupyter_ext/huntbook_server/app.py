"""The server extension: where the settings are, which routes there are, and what kernels are told."""

from __future__ import annotations

import os
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.extension.application import ExtensionApp
from traitlets import Float, Unicode, validate

from huntbook.settings.live import default_path
from huntbook_server.base import CHECK_KEY, SERVICE_KEY
from huntbook_server.check import SignInCheck
from huntbook_server.handlers import ROUTES, BokehHandler
from huntbook_server.service import SettingsService
from huntbook_server.watcher import SettingsWatcher

if TYPE_CHECKING:
    from jupyter_events import EventLogger
    from jupyter_server.serverapp import ServerApp
    from traitlets import Bunch

__all__ = ["HuntbookApp"]

SETTINGS_CHANGED = "https://schema.huntbook.dev/settings_changed/v1"
_EVENT_SCHEMA = Path(__file__).parent / "events" / "settings_changed.yaml"
_MIN_POLL_SECONDS = 0.05


class HuntbookApp(ExtensionApp):
    """Serves huntbook's settings to the sidebar, and BokehJS to notebooks.

    Kernels that the server starts find the settings file in ``MSTICPYCONFIG`` and the place of
    BokehJS in ``HUNTBOOK_BOKEH_ROOT``.
    """

    name = "huntbook_server"

    # Not `config_file`: every Jupyter application has a trait of that name, and runs such a file as code.
    settings_file = Unicode(
        "",
        help="The settings file; MSTICPYCONFIG in the server's environment goes before it. "
        "Empty: ~/.msticpy/msticpyconfig.yaml.",
    ).tag(config=True)
    poll_interval = Float(
        0.5, help=f"Seconds between two looks at the settings file, at least {_MIN_POLL_SECONDS}."
    ).tag(config=True)

    @validate("poll_interval")
    def _check_poll_interval(self, proposal: Bunch) -> float:
        seconds: float = proposal["value"]
        if seconds >= _MIN_POLL_SECONDS:
            return seconds
        self.log.warning(
            "HuntbookApp.poll_interval=%s is too short; %s seconds are used", seconds, _MIN_POLL_SECONDS
        )
        return _MIN_POLL_SECONDS

    def initialize_settings(self) -> None:
        """Make the service, register the event, and leave word for the kernels."""
        path = self._locate()
        self._events.register_event_schema(_EVENT_SCHEMA)
        self._service = SettingsService(path, self._announce)
        self._watcher = SettingsWatcher(self._service, interval=self.poll_interval, log=self.log)
        self.settings[SERVICE_KEY] = self._service
        self.settings[CHECK_KEY] = SignInCheck(self._service, log=self.log)
        os.environ["MSTICPYCONFIG"] = str(path)
        os.environ["HUNTBOOK_BOKEH_ROOT"] = f"{self.settings['base_url']}huntbook/bokeh/"
        self.log.info("huntbook: the settings file is %s", path)

    def initialize_handlers(self) -> None:
        """Add the routes; that of BokehJS is told its folder."""
        bokeh: dict[str, Any] = {"path": str(_bokeh_static()), "version": version("bokeh")}
        for pattern, handler in ROUTES:
            arguments = (bokeh,) if handler is BokehHandler else ()
            self.handlers.append((pattern, handler, *arguments))

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:  # noqa: ARG002 - the server gives it
        """Begin to watch the file, now that there is an event loop."""
        await self._watcher.start()

    async def stop_extension(self) -> None:
        """Stop to watch the file."""
        await self._watcher.stop()

    def _locate(self) -> Path:
        if os.environ.get("MSTICPYCONFIG") or not self.settings_file:
            return default_path()
        return Path(self.settings_file).expanduser().absolute()

    def _announce(self, revision: str, origin: str) -> None:
        self._events.emit(schema_id=SETTINGS_CHANGED, data={"revision": revision, "origin": origin})

    @property
    def _events(self) -> EventLogger:
        """The server's own event logger, through which every listener hears."""
        logger: EventLogger = self.settings["event_logger"]
        return logger


def _bokeh_static() -> Path:
    """Find the folder of BokehJS without importing Bokeh, which would slow every start of a server."""
    spec = find_spec("bokeh")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            "bokeh is not installed beside huntbook. Install it with: pip install bokeh", name="bokeh"
        )
    return Path(spec.origin).parent / "server" / "static"
