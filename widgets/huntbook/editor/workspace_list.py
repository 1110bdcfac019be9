"""The workspaces of Microsoft Sentinel: add, rename, delete, choose the default, import."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets
import traitlets

from huntbook.editor.style import line, say, say_lines
from huntbook.editor.workspace_lookup import look_up, place_of
from huntbook.errors import HuntbookError
from huntbook.settings.workspaces import DEFAULT, imported, with_default

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["WorkspaceList"]

# An id or a name, of which nothing but Azure knows the rest.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,62}")


class WorkspaceList(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A list of workspaces, and the settings of the one that is chosen.

    Parameters
    ----------
    schema
        The part of the JSON schema for one workspace.
    """

    value = traitlets.Dict()
    disabled = traitlets.Bool(default_value=False)

    def __init__(self, schema: dict[str, Any]) -> None:
        self._drawing = False
        self.names = widgets.Select(description="Workspaces", rows=8, layout=widgets.Layout(width="200px"))
        self.names.add_class("huntbook-spoken-label")
        self.name = _text("Name", "A name of your own")
        self.texts = {
            key: _text(part["title"], part.get("x-placeholder", ""), part["description"], typing=True)
            for key, part in schema["properties"].items()
        }
        below = line(kind="problem", padding="0 0 0 128px")
        self.remarks = {key: line(kind="problem", like=below) for key in self.texts}
        self._problems: dict[str, str] = {}
        self.pasted = _text("Import", "Portal address, id, name, or the text of config.json")
        self.message = line(kind="problem")
        self.others = line(kind="problem", like=self.message)
        self.buttons = {
            word: widgets.Button(description=word, tooltip=tooltip, layout=widgets.Layout(width="auto"))
            for word, tooltip in (
                ("Add", "Add an empty workspace"),
                ("Delete", "Delete the chosen workspace"),
                ("Set as default", "Use the chosen workspace where none is named"),
                ("Look up", "Ask Azure for what is missing of the chosen workspace"),
                (
                    "Import",
                    "Add the workspace of the pasted address or config.json; an id or a name is looked up",
                ),
            )
        }
        super().__init__(self._parts(), layout=widgets.Layout(overflow="visible"))
        self._connect()
        self._draw()

    def add(self, name: str = "New", body: dict[str, Any] | None = None) -> None:
        """Add a workspace and choose it; a name that is taken gets a number."""
        unique, number = name, 2
        while unique in self.value:
            unique, number = f"{name} {number}", number + 1
        self.value = {**self.value, unique: body or {}}
        self.names.value = unique

    def delete(self) -> None:
        """Delete the chosen workspace."""
        self.value = {name: body for name, body in self.value.items() if name != self.names.value}

    def rename(self, name: str) -> None:
        """Give the chosen workspace another name."""
        old, name = self.names.value, name.strip()
        if not name or name == old:
            self._fill()
        elif name in self.value:
            say(self.message, f"There is a workspace {name!r} already. Choose another name.")
            self._fill()
        else:
            self.value = {name if key == old else key: body for key, body in self.value.items()}
            self.names.value = name

    def set_default(self) -> None:
        """Use the chosen workspace where none is named."""
        self.value = with_default(self.value, self.names.value)

    def take(self, text: str) -> None:
        """Add the workspace of a portal address or of the text of config.json; by its id or name it is looked up."""
        if _NAME.fullmatch(text.strip()):
            name, body = self._ask(text.strip())
        else:
            name, body = imported(text)
        self.add(name, body)
        self.pasted.value = ""

    def look_up(self) -> None:
        """Fill in what Azure knows of the chosen workspace; what is there already stays."""
        name = self.names.value
        body = self.value[name]
        _, told = self._ask(place_of(body))
        self.value = {**self.value, name: {**told, **{key: value for key, value in body.items() if value}}}

    def _ask(self, text: str) -> tuple[str, dict[str, str]]:
        say(self.message, "Asking Azure…", kind="muted")
        found = look_up(text)
        say(self.message, "", kind="problem")
        return found

    def tell(self, problems: Mapping[str, str]) -> None:
        """Say beside its text what is wrong with each, by the name of the workspace and of its setting, dotted."""
        self._problems = dict(problems)
        self._remark()

    def _remark(self) -> None:
        left = dict(self._problems)
        for key, remark in self.remarks.items():
            text = left.pop(f"{self.names.value}.{key}", "")
            say(remark, text.partition(": ")[2])
        say_lines(self.others, *(("problem", text) for text in left.values()))

    def _parts(self) -> list[widgets.Widget]:
        rows = [part for key, text in self.texts.items() for part in (text, self.remarks[key])]
        right = widgets.VBox([self.name, *rows], layout=widgets.Layout(flex="1 1 300px"))
        lists = widgets.HBox([self.names, right], layout=widgets.Layout(overflow="visible"))
        words = ("Add", "Delete", "Set as default", "Look up")
        # One layout for the three, since a notebook keeps each.
        actions = widgets.HBox([self.buttons[word] for word in words], layout=lists.layout)
        paste = widgets.HBox([self.pasted, self.buttons["Import"]], layout=lists.layout)
        return [lists, actions, paste, self.message, self.others]

    def _connect(self) -> None:
        self.names.observe(lambda _: self._fill(), "value")
        self.name.observe(lambda change: self._do(lambda: self.rename(change["new"])), "value")
        for key, text in self.texts.items():
            text.observe(lambda change, key=key: self._do(lambda: self._edit(key, change["new"])), "value")
        self.buttons["Add"].on_click(lambda _: self._do(self.add))
        self.buttons["Delete"].on_click(lambda _: self._do(self.delete))
        self.buttons["Set as default"].on_click(lambda _: self._do(self.set_default))
        self.buttons["Look up"].on_click(lambda _: self._do(self.look_up))
        self.buttons["Import"].on_click(lambda _: self._do(lambda: self.take(self.pasted.value)))

    def _do(self, act: Callable[[], None]) -> None:
        """Do what a person asked for, and say what is wrong with it."""
        if self._drawing:
            return
        say(self.message, "", kind="problem")
        try:
            act()
        except HuntbookError as error:
            say(self.message, str(error), kind="problem")

    def _edit(self, key: str, text: str) -> None:
        name = self.names.value
        body = {other: value for other, value in self.value[name].items() if other != key}
        self.value = {**self.value, name: {**body, key: text.strip()} if text.strip() else body}

    @traitlets.observe("value", "disabled")
    def _draw(self, _change: Any = None) -> None:
        chosen = self.names.value
        names = list(self.value)
        self._drawing = True
        try:
            if list(self.names.options) != names:
                self.names.options = names
                self.names.value = chosen if chosen in names else next(iter(names), None)
        finally:
            self._drawing = False
        self._fill()

    def _fill(self) -> None:
        """Show the settings of the chosen workspace."""
        name = self.names.value
        body = self.value.get(name, {}) if name is not None else {}
        self._drawing = True
        try:
            self.name.value = name or ""
            for key, text in self.texts.items():
                value = str(body.get(key) or "")
                # A space at the end of what is being typed is part of what comes next.
                if text.value.strip() != value:
                    text.value = value
        finally:
            self._drawing = False
        self._remark()
        for widget in (self.name, *self.texts.values(), self.buttons["Delete"], self.buttons["Look up"]):
            widget.disabled = self.disabled or name is None
        self.buttons["Set as default"].disabled = self.disabled or name in {None, DEFAULT}
        for widget in (self.buttons["Add"], self.buttons["Import"], self.pasted):
            widget.disabled = self.disabled


def _text(title: str, placeholder: str, tooltip: str = "", *, typing: bool = False) -> widgets.Text:
    text = widgets.Text(
        description=title,
        placeholder=placeholder,
        continuous_update=typing,
        style={"description_width": "120px"},
        layout=widgets.Layout(width="460px"),
    )
    text.tooltip = tooltip or title
    return text
