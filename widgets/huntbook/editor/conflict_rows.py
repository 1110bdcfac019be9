"""The settings that were chosen here and changed outside: for each, mine or theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from huntbook.editor.style import line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from huntbook.editor.draft import Conflict

__all__ = ["ConflictRows"]


class ConflictRows(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A row a conflict, with its two values to choose from; mine is chosen at first."""

    def __init__(self) -> None:
        super().__init__(layout=widgets.Layout(margin="6px 0", overflow="visible"))
        self._choices: dict[str, widgets.ToggleButtons] = {}

    def show(self, conflicts: Iterable[Conflict]) -> None:
        """Show these conflicts in the place of any earlier ones."""
        self._choices = {conflict.key: _choice(conflict) for conflict in conflicts}
        self.children = [
            widgets.HBox([line(key, kind="heading", width="180px"), choice])
            for key, choice in self._choices.items()
        ]

    def theirs(self) -> frozenset[str]:
        """Return the keys whose value in the file was chosen."""
        return frozenset(key for key, choice in self._choices.items() if choice.value == "theirs")

    def choose(self, key: str, side: str) -> None:
        """Choose "mine" or "theirs" for one key, as a press of its button does."""
        self._choices[key].value = side


def _choice(conflict: Conflict) -> widgets.ToggleButtons:
    return widgets.ToggleButtons(
        options=[
            (f"Mine: {_words(conflict.mine)}", "mine"),
            (f"Theirs: {_words(conflict.theirs)}", "theirs"),
        ],
        style={"button_width": "auto"},
        tooltips=["Write the value chosen here", "Keep the value that the file has now"],
    )


def _words(value: Any) -> str:
    if isinstance(value, list | dict):
        return ", ".join(map(str, value))
    return "none" if value is None else str(value)
