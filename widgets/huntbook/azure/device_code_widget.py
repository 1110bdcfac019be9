"""The device code as a widget: link, code with a copy button, countdown, cancel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from huntbook.azure.device_code import device_text

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

__all__ = ["DeviceCodeWidget"]

_HERE = Path(__file__).parent


class DeviceCodeWidget(anywidget.AnyWidget):  # type: ignore[misc] # anywidget ships no types
    """Shows a code to type in another browser; the state holds it only while it is of use.

    Attributes
    ----------
    cloud, address, code
        What to show, as text.
    expires
        Seconds since 1970 after which the code is no good.
    state
        ``waiting``, ``signed in``, ``not signed in`` or ``cancelled``.
    """

    _esm = _HERE / "device_code.js"
    _css = _HERE / "device_code.css"

    cloud = traitlets.Unicode().tag(sync=True)
    address = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    expires = traitlets.Float().tag(sync=True)
    state = traitlets.Unicode("waiting").tag(sync=True)

    def __init__(self, *, cancel: Callable[[], None], **values: Any) -> None:
        super().__init__(**values)
        self._cancel = cancel
        self._display: Any = None
        self.on_msg(self._heard)

    @classmethod
    def shown(
        cls, *, cloud: str, address: str, code: str, expires: float, cancelled: threading.Event
    ) -> DeviceCodeWidget:
        """Make the widget and display it."""
        from IPython.display import display  # noqa: PLC0415 - only a notebook gets here

        widget = cls(cancel=cancelled.set, cloud=cloud, address=address, code=code, expires=expires)
        widget._display = display(widget, display_id=True)
        return widget

    def finish(self, state: str) -> None:
        """Say how it ended and forget the code, here and in the saved output."""
        self.state, self.code, self.address = state, "", ""
        if self._display is not None:
            self._display.update(self)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = str(self)
        return bundle

    def __str__(self) -> str:
        if self.state == "waiting":
            return device_text(self.cloud, self.address, self.code, self.expires)
        return f"Sign-in to {self.cloud}: {self.state}."

    def __repr__(self) -> str:
        return f"DeviceCodeWidget({self.cloud}, {self.state})"

    def _heard(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("type") == "cancel":
            self._cancel()
