"""The part of huntbook that lives in the Jupyter server: settings for the sidebar, BokehJS for notebooks."""

from __future__ import annotations

from huntbook_server._version import __version__
from huntbook_server.app import HuntbookApp

__all__ = ["HuntbookApp", "__version__"]


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    """Tell the Jupyter server which class to load."""
    return [{"module": "huntbook_server", "app": HuntbookApp}]
