"""What the file was before: each state with who wrote it and what changed since, and the way back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets

from huntbook.editor.style import line, say, say_lines
from huntbook.errors import HuntbookError

if TYPE_CHECKING:
    from collections.abc import Callable

    from huntbook.editor.draft import Draft
    from huntbook.settings.history import Version

__all__ = ["HistoryList", "words_of"]

_MOST_CHANGES: Final = 50
_WRITERS: Final = {
    "sidebar": "in the sidebar",
    "editor": "in an editor",
    "magic": "by a magic",
    "cli": "at a prompt",
    "outside": "outside huntbook",
}


def words_of(version: Version) -> str:
    """Say when a state was written and where.

    Parameters
    ----------
    version
        An entry of the history.
    """
    return f"{version.when:%Y-%m-%d %H:%M:%S} UTC, {_WRITERS.get(version.origin, version.origin)}"


class HistoryList:
    """A page with the states that the file had.

    Parameters
    ----------
    restore
        Brings the state of a revision back.
    """

    title = "History"

    def __init__(self, restore: Callable[[str], object]) -> None:
        self._draft: Draft | None = None
        self._restore = restore
        self.box = widgets.VBox()

    def _build(self) -> None:
        """Make the parts when the page is looked at for the first time, so that opening stays quick."""
        self._head = line()
        self._differences = widgets.HTML(layout=widgets.Layout(margin="6px 0"))
        self.states = widgets.Select(
            description="Earlier states", rows=8, layout=widgets.Layout(width="380px", margin="6px 0")
        )
        self.states.add_class("huntbook-spoken-label")
        self.button = widgets.Button(
            description="Restore", tooltip="Bring the chosen state back; that is a save, so it can be undone"
        )
        self.states.observe(self._compare, "value")
        self.button.on_click(lambda _: self._restore(self.states.value))
        self.box.children = [self._head, self.states, self._differences, self.button]

    def show(self, draft: Draft) -> None:
        """Show the states of a draft's file, the newest first."""
        if self._draft is None:
            self._build()
        self._draft = draft
        kept = [version for version in draft.versions() if version.revision != draft.base.revision]
        unique = {version.revision: version for version in reversed(kept)}
        earlier = sorted(unique.values(), key=kept.index)
        chosen = self.states.value
        options = [(words_of(version), version.revision) for version in earlier]
        if list(self.states.options) != options:
            self.states.options = options
            self.states.value = (
                chosen if chosen in unique else next((revision for _, revision in options), None)
            )
        say(
            self._head,
            "Each save keeps what was there before. Choose a state to see what changed since."
            if options
            else "Nothing is kept yet: the first save begins the history.",
        )
        self.states.layout.display = None if options else "none"
        self._compare()

    def _compare(self, _change: Any = None) -> None:
        """Say what changed from the chosen state to now."""
        revision = self.states.value
        self.button.layout.display = None if revision else "none"
        if self._draft is None or not revision:
            say_lines(self._differences)
            return
        if self._draft.base.fault is not None:
            self.button.disabled = False
            say_lines(
                self._differences, ("muted", "The file as it is can't be read, so it can't be compared.")
            )
            return
        try:
            changes = [str(change) for change in self._draft.changes_since(revision)]
        except HuntbookError as error:
            self.button.disabled = True
            say_lines(self._differences, ("problem", str(error)))
            return
        self.button.disabled = False
        more = len(changes) - _MOST_CHANGES
        rest = f"and {more} more" if more > 0 else ""
        said = changes[:_MOST_CHANGES] or ["no setting; only comments, order or spacing"]
        say_lines(
            self._differences,
            ("heading", "Changed since"),
            *(("path", text) for text in said),
            ("muted", rest),
        )
