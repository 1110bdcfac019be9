"""The server extension."""

from __future__ import annotations

from jupyter_server.extension.application import ExtensionApp


class HuntbookApp(ExtensionApp):
    """Serves huntbook's settings."""

    name = "huntbook_server"
