"""The bar of a long request as a widget: how far it is, and a button that gives it up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import anywidget
import traitlets

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Ending", "ProgressWidget"]

Ending = Literal["done", "failed", "cancelled"]

_HERE = Path(__file__).parent
_UNKNOWN = -1.0


class ProgressWidget(anywidget.AnyWidget):  # type: ignore[misc] # anywidget ships no types
    """Shows how far a task is, and Cancel while it runs.

    Attributes
    ----------
    words
        What is done and how far it is, as text.
    fraction
        How much is done, from 0 to 1; below zero where nobody knows.
    state
        ``running``, ``done``, ``failed`` or ``cancelled``.
    """

    _esm = _HERE / "progress.js"
    _css = _HERE / "progress.css"

    words = traitlets.Unicode().tag(sync=True)
    fraction = traitlets.Float(_UNKNOWN).tag(sync=True)
    state = traitlets.Unicode("running").tag(sync=True)

    def __init__(self, *, cancel: Callable[[], None], **values: Any) -> None:
        super().__init__(**values)
        self._cancel = cancel
        self._display: Any = None
        self.on_msg(self._heard)

    @classmethod
    def shown(cls, words: str, *, cancel: Callable[[], None]) -> ProgressWidget:
        """Make the widget and display it."""
        from IPython.display import display  # noqa: PLC0415 - only a notebook gets here

        widget = cls(cancel=cancel, words=words)
        widget._display = display(widget, display_id=True)
        return widget

    def update(self, words: str, *, fraction: float | None) -> None:
        """Show how far it is."""
        with self.hold_sync():
            self.words, self.fraction = words, _UNKNOWN if fraction is None else fraction

    def finish(self, words: str, *, state: Ending) -> None:
        """Say how it ended; a line without a bar stays."""
        with self.hold_sync():
            self.words, self.state = words, state
        if self._display is not None:
            self._display.update(self)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = str(self)
        return bundle

    def __str__(self) -> str:
        return self.words if self.state in ("running", "done") else f"{self.words}, {self.state}"

    def __repr__(self) -> str:
        return f"ProgressWidget({str(self)!r})"

    def _heard(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("type") == "cancel":
            self._cancel()
