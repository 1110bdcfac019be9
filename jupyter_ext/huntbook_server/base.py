"""What the handlers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.extension.handler import ExtensionHandlerMixin

if TYPE_CHECKING:
    from huntbook_server.service import SettingsService

__all__ = ["AUTH_RESOURCE", "SERVICE_KEY", "HuntbookMixin"]

# What an authorizer is asked about, for every path of this extension.
AUTH_RESOURCE = "huntbook"
SERVICE_KEY = "huntbook_service"


class HuntbookMixin(ExtensionHandlerMixin):
    """Gives a handler the settings service, typed."""

    auth_resource = AUTH_RESOURCE

    @property
    def service(self) -> SettingsService:
        """The one settings service of this server."""
        service: SettingsService = self.settings[SERVICE_KEY]
        return service
