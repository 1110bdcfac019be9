"""What the handlers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.extension.handler import ExtensionHandlerMixin

if TYPE_CHECKING:
    from huntbook_server.check import SignInCheck
    from huntbook_server.service import SettingsService

__all__ = ["AUTH_RESOURCE", "CHECK_KEY", "SERVICE_KEY", "HuntbookMixin"]

# What an authorizer is asked about, for every path of this extension.
AUTH_RESOURCE = "huntbook"
SERVICE_KEY = "huntbook_service"
CHECK_KEY = "huntbook_check"


class HuntbookMixin(ExtensionHandlerMixin):
    """Gives a handler what it calls, typed."""

    auth_resource = AUTH_RESOURCE

    @property
    def service(self) -> SettingsService:
        """The one settings service of this server."""
        service: SettingsService = self.settings[SERVICE_KEY]
        return service

    @property
    def sign_in_check(self) -> SignInCheck:
        """The one sign-in doctor of this server."""
        found: SignInCheck = self.settings[CHECK_KEY]
        return found
