"""A file that can't be read: the place in its text, and the way back to the last state that could be."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

import ipywidgets as widgets

from huntbook.editor.hiding import hidden_lines
from huntbook.editor.history_list import words_of
from huntbook.editor.style import line, say
from huntbook.settings.files import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from huntbook.editor.draft import Draft

__all__ = ["RepairView"]

_LINES_BEFORE: Final = 4
_LINES_AFTER: Final = 2
_WIDTH: Final = 110


class RepairView(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Takes no room where the file is in order.

    Parameters
    ----------
    restore
        Brings the state of a revision back.
    """

    def __init__(self, restore: Callable[[str], object]) -> None:
        super().__init__(layout=widgets.Layout(display="none", margin="4px 0", overflow="visible"))
        self._restore = restore
        self._good: str | None = None

    def _build(self) -> None:
        """Make the parts when they are needed; mostly they are not."""
        self._head = line(kind="heading")
        self._text = widgets.HTML(layout=widgets.Layout(margin="4px 0"))
        self._way_back = line()
        self.button = widgets.Button(
            description="Restore the last good version",
            tooltip="Bring back the latest state of the file that can be read; that is a save, so it can be undone",
            layout=widgets.Layout(width="auto", align_self="flex-start"),
        )
        self.button.on_click(lambda _: self._good and self._restore(self._good))
        self.children = [self._head, self._text, self._way_back, self.button]

    def show(self, draft: Draft) -> None:
        """Show where a draft's file is broken, or nothing."""
        fault = draft.base.fault
        self.layout.display = "none" if fault is None else None
        if fault is None:
            if self.children:
                self._text.value = ""
            return
        if not self.children:
            self._build()
        place = "" if fault.line is None else f" at line {fault.line}, column {fault.column}"
        say(self._head, f"The settings file can't be read{place}")
        self._text.value = _excerpt(draft.base.text or _any_text(draft.path), fault.line, fault.column)
        good = draft.last_good()
        self._good = None if good is None else good.revision
        self.button.disabled = good is None
        say(
            self._way_back,
            "The history has no earlier state that can be read. Correct the place in a text editor."
            if good is None
            else f"Correct the place in a text editor, or go back to {words_of(good)}.",
        )


def _any_text(path: Path) -> str:
    """Return what can be read of bytes that are not text."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES).decode(errors="replace")
    except OSError:
        return ""


def _excerpt(text: str, number: int | None, column: int | None) -> str:
    """Return the lines around a place as markup, with the place marked; secrets are hidden."""
    if number is None or not text:
        return ""
    written = text.split("\n")
    lines = hidden_lines("\n".join(written[: number + _LINES_AFTER]))
    first = max(0, number - 1 - _LINES_BEFORE)
    rows = _rows(lines, written, first, number - 1, (column or 1) - 1)
    return f'<pre class="huntbook-code" tabindex="0">{"".join(rows)}</pre>'


def _rows(lines: list[str], written: list[str], first: int, wrong: int, column: int) -> Iterator[str]:
    for index in range(first, min(len(lines), wrong + _LINES_AFTER + 1)):
        number = f'<span class="huntbook-number">{index + 1:>5}</span>  '
        # Where a secret was taken out, columns have moved: the whole line is marked then.
        same = lines[index] == written[index].rstrip("\r")
        if index == wrong:
            yield f"{number}{_marked(lines[index], column if same else None)}\n"
        else:
            yield f"{number}{html.escape(lines[index][:_WIDTH])}\n"


def _marked(line_: str, column: int | None) -> str:
    if column is None:
        return f"<mark>{html.escape(line_[:_WIDTH])}</mark>"
    start = max(0, column - _WIDTH // 2) if column >= _WIDTH else 0
    before, place, after = (
        line_[start:column],
        line_[column : column + 1] or " ",
        line_[column + 1 : start + _WIDTH],
    )
    return f"{html.escape(before)}<mark>{html.escape(place)}</mark>{html.escape(after)}"
