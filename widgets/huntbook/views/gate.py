"""The widget that lets a Bokeh picture in once BokehJS is on the page, and hears the page's theme."""

from __future__ import annotations

import os
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import anywidget
import bokeh
import traitlets
from bokeh.core.json_encoder import serialize_json
from bokeh.core.serialization import Serializer
from bokeh.document import Document
from bokeh.embed.elements import div_for_render_item
from bokeh.embed.util import RenderItem
from bokeh.protocol.messages.patch_doc import patch_doc
from bokeh.util.serialization import make_globally_unique_css_safe_id, make_globally_unique_id
from ipywidgets import widget_serialization
from jupyter_bokeh.widgets import BokehModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bokeh.document.json import PatchJson
    from bokeh.models import LayoutDOM

_HERE = Path(__file__).parent
_CDN = "https://cdn.bokeh.org/bokeh/release/"


def script_urls() -> list[str]:
    """Return where the browser gets BokehJS: from our server extension, else from Bokeh's own network."""
    root = os.environ.get("HUNTBOOK_BOKEH_ROOT")
    if root:
        return [f"{root.rstrip('/')}/static/js/bokeh.min.js"]
    return [f"{_CDN}bokeh-{bokeh.__version__}.min.js"]


def _document_of(model: LayoutDOM) -> Document:
    """Return the document that a figure is in; a new one if it is in none."""
    document = model.document or Document()
    if model.document is None:
        document.add_root(model)
    return document


class Picture(BokehModel):  # type: ignore[misc] # jupyter_bokeh ships no types
    """A Bokeh figure as a widget, whose state is always the figure as it is now.

    A page that is reloaded asks for the state, and gets today's theme, zoom and selection.
    """

    def __init__(self, model: LayoutDOM) -> None:
        self.stale = False
        # Whether the browser still has to draw a figure that was sent as a whole: it takes a change that
        # comes after such a figure before it, and loses it.
        self._underway = False
        self._quiet = False
        self._gathered: list[Any] | None = None
        super().__init__(model)
        self._underway = False  # nobody waits for it yet

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - ipywidgets' signature
        """Return the state, with the figure as it is now."""
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        if "render_bundle" in state:
            state["render_bundle"] = serialize_json(self._model_to_traits(self._model))
        return state

    @classmethod
    def _model_to_traits(cls, model: LayoutDOM) -> dict[str, Any]:
        """Return what draws the figure, without Bokeh's walk over all models in search of callbacks to warn of."""
        document = _document_of(model)
        name, root = make_globally_unique_id(), make_globally_unique_css_safe_id()
        item = RenderItem(name, roots={model: root})
        return {
            "docs_json": {name: document.to_json(deferred=False)},
            "render_items": [item.to_json()],
            "div": div_for_render_item(item),
        }

    def update_from_model(self, model: LayoutDOM) -> None:
        """Send the figure as it is now; every view draws it again."""
        self._model = model
        document = _document_of(model)
        # get_state makes the bundle; here its name only has to change.
        self.render_bundle = {"version": uuid4().hex}
        document.on_change_dispatch_to(self)
        self.stale, self._underway = False, True

    def shown(self) -> None:
        """Hear that a page is about to draw it."""
        self._underway = True

    def drawn(self) -> None:
        """Hear that the browser drew the whole figure; what changed meanwhile makes it another."""
        self._underway = False
        if self.stale:
            self.update_from_model(self._model)

    @contextmanager
    def unsent(self) -> Iterator[None]:
        """Change the figure without a message: `stale` says that it has to be drawn again."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Change the figure without a message a property, then draw it again as a whole."""
        with self.unsent():
            yield
        self.update_from_model(self._model)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send all changes that are made meanwhile as one message, which the browser draws once."""
        if self._gathered is not None:  # part of a larger change
            yield
            return
        self._gathered = []
        try:
            yield
        finally:
            events, self._gathered = self._gathered, None
            if events:
                self._send_patch(events)

    def _send_patch(self, events: list[Any]) -> None:
        """Send the columns within the change: apart from it each would be two messages more, a millisecond each."""
        models = events[0].document.models
        serializer = Serializer(references=models.synced_references, deferred=False)
        content: PatchJson = {"events": serializer.encode(events)}
        models.flush_synced(lambda model: not serializer.has_ref(model))
        message = patch_doc(patch_doc.create_header(), {}, content)
        for payload in (message.header_json, message.metadata_json, message.content_json):
            self.send({"msg": "patch", "payload": payload})

    def _sync_model(self, _model: BokehModel, content: dict[str, Any], _buffers: list[Any]) -> None:
        """Take what changed in the page in one turn."""
        if content.get("event") != "jsevents":
            super()._sync_model(_model, content, _buffers)
            return
        for event in content["events"]:
            super()._sync_model(_model, {**event, "event": "jsevent"}, _buffers)

    def _document_patched(self, event: Any) -> None:
        self.stale = True
        if self._quiet or self._underway or event.setter is self:
            return
        if self._gathered is None:
            self._send_patch([event])
        else:
            self._gathered.append(event)


class Gate(anywidget.AnyWidget):  # type: ignore[misc] # anywidget is not seen by mypy here
    """Shows one picture and a status line.

    Parameters
    ----------
    picture
        The Bokeh figure's widget.
    scripts
        Addresses of BokehJS, loaded once a page.
    status
        One line below the picture.
    summary
        The picture in words, for screen readers.
    words
        The rows of a picture that is a tree, as a screen reader is told them; see
        `huntbook.compute.processes.words.RowWords`.
    key_names
        The keys that the picture takes, by their names in the browser; with any, it takes the wheel too.
    on_theme
        Called with ``light`` or ``dark`` when the picture is shown and when the page's theme changes.
    """

    _esm = _HERE / "gate.js"
    _css = _HERE / "gate.css"

    picture = traitlets.Instance(Picture).tag(sync=True, **widget_serialization)
    scripts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    words: traitlets.List[Any] = traitlets.List(traitlets.Dict()).tag(sync=True)
    # Not `keys`: ipywidgets' own trait of that name lists what is synced.
    key_names = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, *, on_theme: Callable[[str], None], **traits: Any) -> None:
        super().__init__(**traits)
        self._on_theme = on_theme
        # Called with "key" and its name, or "wheel" and steps down; set by a picture that takes them.
        self.on_input: Callable[[str, Any], None] | None = None
        # Called with the width of the cell in pixels when the picture is shown and when it changes.
        self.on_width: Callable[[int], None] | None = None
        # Called when the browser has drawn what came before an "answer".
        self.on_drawn: Callable[[], None] | None = None
        self.on_msg(self._hear)

    def _hear(self, _widget: Any, content: dict[str, Any], _buffers: Any) -> None:
        kind = content.get("kind")
        if kind in {"key", "wheel"} and self.on_input is not None:
            self.on_input(str(kind), content.get("key", content.get("steps")))
        if kind == "answer-drawn" and self.on_drawn is not None:
            self.on_drawn()
        if kind == "shown":
            self.picture.shown()
        if kind == "drawn":
            self.picture.drawn()
        if content.get("width") and self.on_width is not None:
            # What is not drawn yet is drawn once, for this cell and this theme.
            with self.picture.unsent() if kind == "shown" else nullcontext():
                self.on_width(int(content["width"]))
        if kind not in {"shown", "theme"}:
            return
        self._on_theme(str(content.get("theme")))
        if content["kind"] == "shown":
            self.send({"kind": "fresh"})
