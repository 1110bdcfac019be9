"""A field for each setting, made from the settings' schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from huntbook.editor.ordered import OrderedChoices
from huntbook.editor.style import line, say, say_lines
from huntbook.editor.workspace_list import WorkspaceList

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Field", "field_for"]


class Field:
    """One setting on the screen.

    Parameters
    ----------
    key
        Its dotted name.
    control
        The widget whose `value` is the choice.
    schema
        The setting's part of the JSON schema.
    """

    def __init__(self, key: str, control: widgets.Widget, schema: dict[str, Any]) -> None:
        self.key = key
        self.control = control
        self.schema = schema
        self._remarks = line()
        self._note = ""

    def box(self) -> widgets.VBox:
        """Return the field with its help and the line for what is wrong with it."""
        head = line(like=self._remarks)
        say_lines(head, ("heading", self.schema["title"]), ("muted", self.schema["description"]))
        return widgets.VBox(
            [head, *self._controls(), self._remarks],
            layout=widgets.Layout(margin="0 0 14px 0", overflow="visible"),
        )

    def read(self) -> Any:
        """Return the choice in the form of the settings file."""
        return self.control.value

    def show(self, value: Any) -> None:
        """Show a value of the settings file."""
        self.control.value = value

    def tell(self, note: str, problems: Mapping[str, str], *, locked: bool) -> None:
        """Say who decides the setting and what is wrong with it; a locked one can't be changed."""
        self._note = note
        self.refuse(problems)
        self.control.disabled = locked

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong with the choice, by dotted name; nothing for an empty one."""
        wrong = [("problem", text) for text in problems.values()]
        say_lines(self._remarks, ("muted", self._note), *wrong)

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call back when the choice changes."""
        self.control.observe(lambda _: callback(), "value")

    def _controls(self) -> list[widgets.Widget]:
        return [self.control]


class _ChoiceField(Field):
    """One of a few values, with the help line of the one that is chosen."""

    def __init__(self, key: str, schema: dict[str, Any]) -> None:
        self._choices = {choice["value"]: choice for choice in schema["x-choices"]}
        control = widgets.Dropdown(
            options=[(choice["label"], word) for word, choice in self._choices.items()],
            description=schema["title"],
            layout=widgets.Layout(width="260px", margin="4px 0"),
        )
        control.add_class("huntbook-spoken-label")
        super().__init__(key, control, schema)
        self._help = line(like=self._remarks)
        control.observe(self._explain, "value")
        self._explain()

    def show(self, value: Any) -> None:
        known = [(choice["label"], word) for word, choice in self._choices.items()]
        options = known if value in self._choices else [(f"{value} (not known)", value), *known]
        if list(self.control.options) != options:
            self.control.options = options
        self.control.value = value

    def _explain(self, _change: Any = None) -> None:
        choice = self._choices.get(self.control.value)
        say(self._help, choice["help"] if choice else "Not known: choose another one.")

    def _controls(self) -> list[widgets.Widget]:
        return [self.control, self._help]


class _OrderedField(Field):
    """Some of a few values, in an order."""

    def __init__(self, key: str, schema: dict[str, Any]) -> None:
        super().__init__(key, OrderedChoices(schema["x-choices"], schema["default"]), schema)

    def show(self, value: Any) -> None:
        self.control.value = [str(item) for item in value]

    def read(self) -> list[str]:
        return list(self.control.value)


class _TextField(Field):
    """A text; an empty one stands for none."""

    def __init__(self, key: str, schema: dict[str, Any]) -> None:
        control = widgets.Text(
            placeholder=schema.get("x-placeholder", ""),
            description=schema["title"],
            layout=widgets.Layout(width="380px", margin="4px 0"),
        )
        control.add_class("huntbook-spoken-label")
        super().__init__(key, control, schema)

    def show(self, value: Any) -> None:
        self.control.value = "" if value is None else str(value)

    def read(self) -> str | None:
        return self.control.value.strip() or None


class _SwitchField(Field):
    """On or off."""

    def __init__(self, key: str, schema: dict[str, Any]) -> None:
        control = widgets.Checkbox(
            indent=False, description=schema["title"], layout=widgets.Layout(width="auto", margin="4px 0")
        )
        super().__init__(key, control, schema)

    def show(self, value: Any) -> None:
        self.control.value = bool(value)


class _WorkspacesField(Field):
    """Workspaces by name."""

    def __init__(self, key: str, schema: dict[str, Any]) -> None:
        super().__init__(key, WorkspaceList(schema["additionalProperties"]), schema)

    def read(self) -> dict[str, Any]:
        return dict(self.control.value)

    def show(self, value: Any) -> None:
        self.control.value = {name: body or {} for name, body in value.items()}

    def refuse(self, problems: Mapping[str, str]) -> None:
        own = {name: text for name, text in problems.items() if name.startswith(f"{self.key}.")}
        super().refuse({name: text for name, text in problems.items() if name not in own})
        self.control.tell({name.removeprefix(f"{self.key}."): text for name, text in own.items()})


def field_for(key: str, schema: dict[str, Any]) -> Field | None:
    """Return the kind of field that a setting's schema asks for; None where no field can hold it."""
    kinds = schema["type"] if isinstance(schema.get("type"), list) else [schema.get("type")]
    if schema.get("x-order"):
        return _OrderedField(key, schema)
    if "x-choices" in schema:
        return _ChoiceField(key, schema)
    if schema.get("x-map"):
        return _WorkspacesField(key, schema)
    if "boolean" in kinds:
        return _SwitchField(key, schema)
    return _TextField(key, schema) if "string" in kinds else None
