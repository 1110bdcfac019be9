"""A list of choices in an order of the user's: which are on, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from huntbook.editor.style import line, say

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["OrderedChoices"]


class _Row(widgets.GridBox):  # type: ignore[misc]  # ipywidgets ships no types
    """One place in the list; which choice stands in it changes, the place itself stays and keeps the focus."""

    def __init__(self, owner: OrderedChoices, index: int) -> None:
        self.number = line(kind="number")
        self.on = widgets.Checkbox(indent=False, layout=widgets.Layout(width="auto"))
        self.help = line(like=self.number)
        self.up = _quiet_button("Up")
        self.down = _quiet_button("Down", like=self.up)
        parts = [self.number, self.on, self.help, self.up, self.down]
        super().__init__(parts, layout=widgets.Layout(grid_template_columns="22px 176px 1fr auto auto"))
        self.add_class("huntbook-row")
        self.on.observe(lambda change: owner.turn(index, on=change["new"]), "value")
        self.up.on_click(lambda _: owner.move(index, -1))
        self.down.on_click(lambda _: owner.move(index, 1))

    def show(self, choice: dict[str, str], place: int | None, last: int, *, fixed: bool) -> None:
        """Show a choice: its place among those that are on, or None for one that is off."""
        say(self.number, "" if place is None else f"{place + 1}.")
        self.on.description = choice["label"]
        self.on.value = place is not None
        say(self.help, choice["help"])
        self.on.disabled = fixed
        self.up.disabled = fixed or place is None or place == 0
        self.down.disabled = fixed or place is None or place == last
        self.up.layout.visibility = "hidden" if place is None else "visible"
        self.up.tooltip = f"Try {choice['label']} earlier"
        self.down.tooltip = f"Try {choice['label']} later"


class OrderedChoices(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Choices that are on, in their order, above those that are off.

    Parameters
    ----------
    choices
        A mapping with value, label and help for each, in the order in which those that are off are listed.
    value
        The values that are on, in order.
    """

    value = traitlets.List(traitlets.Unicode())
    disabled = traitlets.Bool(default_value=False)

    def __init__(self, choices: Sequence[dict[str, str]], value: Sequence[str]) -> None:
        self._choices = {choice["value"]: choice for choice in choices}
        self._shown: list[str] = []
        self._rows: list[_Row] = []
        self._drawing = False
        super().__init__(layout=widgets.Layout(overflow="visible"))
        self.value = list(value)
        self._draw()

    def turn(self, index: int, *, on: bool) -> None:
        """Turn the choice in a row on, as the last of those that are on, or off."""
        if self._drawing:
            return
        word = self._shown[index]
        others = [other for other in self.value if other != word]
        self.value = [*others, word] if on else others

    def move(self, index: int, step: int) -> None:
        """Move the choice in a row one place up (-1) or down (1), and the focus with it."""
        other = index + step
        if not (0 <= index < len(self.value) and 0 <= other < len(self.value)):
            return
        words = list(self.value)
        words[index], words[other] = words[other], words[index]
        self.value = words
        row = self._rows[other]
        wanted, instead = (row.up, row.down) if step < 0 else (row.down, row.up)
        (instead if wanted.disabled else wanted).focus()

    @traitlets.observe("value", "disabled")
    def _draw(self, _change: Any = None) -> None:
        on = list(self.value)
        self._shown = on + [word for word in self._choices if word not in on]
        if len(self._rows) != len(self._shown):
            self._rows = [_Row(self, index) for index in range(len(self._shown))]
            self.children = self._rows
        self._drawing = True
        try:
            for index, (row, word) in enumerate(zip(self._rows, self._shown, strict=True)):
                unknown = {"label": word, "help": "Not known. Turn it off, or correct it in the file."}
                row.show(
                    self._choices.get(word, unknown),
                    index if index < len(on) else None,
                    len(on) - 1,
                    fixed=self.disabled,
                )
        finally:
            self._drawing = False


def _quiet_button(word: str, *, like: widgets.Button | None = None) -> widgets.Button:
    """Return a button; `like`: one that it shares layout and style with, so that both come and go together."""
    if like is None:
        button = widgets.Button(description=word, layout=widgets.Layout(width="auto", margin="0 0 0 4px"))
    else:
        button = widgets.Button(description=word, layout=like.layout, style=like.style)
    button.add_class("huntbook-quiet")
    return button
