"""One tab: the fields of one section of the settings, and its Save button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets

from huntbook.editor.fields import field_for
from huntbook.editor.sign_in_check import SignInCheck

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from huntbook.editor.draft import Draft

__all__ = ["SectionTab"]

# The section that says where and how to sign in.
_SIGN_IN: Final = "Azure"


class SectionTab:
    """The fields of one section.

    Parameters
    ----------
    name
        The section, such as "Azure".
    schema
        The section's part of the JSON schema.
    """

    def __init__(self, name: str, schema: Mapping[str, Any]) -> None:
        self.name = name
        self.title = schema["title"]
        made = {
            key: field_for(f"{name}.{key}", part)
            for key, part in schema["properties"].items()
            if not part.get("x-advanced")
        }
        self.fields = {key: field for key, field in made.items() if field is not None}
        self.save = widgets.Button(
            description="Save",
            tooltip=f"Confirm the choices on the tab {name}; Save Settings then writes them to the file",
        )
        self.check = SignInCheck(self._put_below) if name == _SIGN_IN else None
        buttons = self.save if self.check is None else widgets.HBox([self.save, self.check.button])
        self.box = widgets.VBox(
            [*(field.box() for field in self.fields.values()), buttons],
            layout=widgets.Layout(overflow="visible"),
        )

    def read(self) -> dict[str, Any]:
        """Return the choices on the screen."""
        return {key: field.read() for key, field in self.fields.items()}

    def show(self, draft: Draft) -> None:
        """Put the draft's values and problems on the screen."""
        if self.check is not None:
            self.check.clear()
        for field in self.fields.values():
            field.show(draft.value(field.key))
            wrong = draft.wrong(field.key, draft.value(field.key))
            field.tell(draft.note(field.key), wrong, locked=draft.locked(field.key))

    def examine(self, draft: Draft) -> None:
        """Say beside each field what is wrong with the choice on the screen, while it is typed."""
        for field in self.fields.values():
            field.refuse(draft.wrong(field.key, field.read()))

    def edits(self, draft: Draft) -> dict[str, Any]:
        """Return the choices on the screen that are not what the draft holds, by key of the section."""
        return {
            key: value for key, value in self.read().items() if value != draft.value(f"{self.name}.{key}")
        }

    def type_in(self, edits: Mapping[str, Any]) -> None:
        """Put choices on the screen as a person would."""
        for key, value in edits.items():
            self.fields[key].show(value)

    def refuse(self, key: str, message: str) -> None:
        """Say beside its field what is wrong with a choice, and nothing beside the others."""
        for field in self.fields.values():
            field.refuse({key: message} if key == field.key or key.startswith(f"{field.key}.") else {})

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call back when any choice changes."""
        for field in self.fields.values():
            field.on_change(callback)

    def _put_below(self, shown: widgets.Widget) -> None:
        self.box.children = [*self.box.children, shown]
