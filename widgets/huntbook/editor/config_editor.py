"""The settings editor: tabs, the two saves, and a status line that says in words what happened."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets

from huntbook.editor.action_row import ActionRow
from huntbook.editor.conflict_rows import ConflictRows
from huntbook.editor.draft import Draft
from huntbook.editor.history_list import HistoryList, words_of
from huntbook.editor.other_sections import OtherSections
from huntbook.editor.repair import RepairView
from huntbook.editor.secret_rows import SecretRows
from huntbook.editor.section_tab import SectionTab
from huntbook.editor.style import STYLE, line, say
from huntbook.editor.words import OPENING, in_words, opening
from huntbook.errors import OptionError, SettingsConflictError, SettingsValueError
from huntbook.settings import model
from huntbook.settings.document import ABSENT, Document, read
from huntbook.settings.watched import WatchedDocument

if TYPE_CHECKING:
    from collections.abc import Callable

    from huntbook.settings.history import Version

__all__ = ["MpConfigEdit"]

_LOOK_SECONDS: Final = 0.5


class MpConfigEdit(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Edit the central settings in a notebook's cell.

    Choices are confirmed tab by tab with **Save** and written to the file with **Save Settings**.
    An editor without choices of its own follows the file by itself.

    Parameters
    ----------
    path
        The settings file. Default: the one that every kernel and the sidebar use.

    Examples
    --------
    >>> editor = MpConfigEdit("/nowhere/msticpyconfig.yaml")
    >>> editor.field("Azure.cloud").value
    'global'
    >>> editor.status
    'There is no settings file yet. Save Settings creates it.'
    """

    def __init__(self, path: str | Path | None = None) -> None:
        named = None if path is None else Path(path).expanduser().absolute()
        self._watched = WatchedDocument(None if named is None else lambda: named)
        self._draft = Draft(self._document())
        sections = model.json_schema()["properties"]
        tabs = {name: SectionTab(name, schema) for name, schema in sections.items()}
        self._tabs = {name: tab for name, tab in tabs.items() if tab.fields}
        self._showing = False
        self._status = line(kind="status")
        self._path = line(kind="path")
        self._conflicts = ConflictRows()
        self._repair = RepairView(self.restore)
        self._secrets = SecretRows(self.replace_secret)
        self._pages: tuple[OtherSections | HistoryList, ...] = (OtherSections(), HistoryList(self.restore))
        self._book = widgets.Tab()
        self._row = ActionRow()
        super().__init__(self._parts())
        self.add_class("huntbook-editor")
        self._connect()
        self._show(opening(self._draft))
        self._task = self._followed()

    # For code: what the buttons do, and what is on the screen.

    @property
    def status(self) -> str:
        """The text of the status line."""
        return self._said

    @property
    def path(self) -> Path:
        """The settings file."""
        return self._draft.path

    def field(self, key: str) -> Any:
        """Return the control of a setting; its `value` is the choice.

        Parameters
        ----------
        key
            The dotted name, such as ``Azure.cloud``.
        """
        fields = {field.key: field.control for tab in self._tabs.values() for field in tab.fields.values()}
        if key not in fields:
            raise OptionError.unknown(key, option="key", known=fields)
        return fields[key]

    def save_tab(self, name: str) -> bool:
        """Confirm the choices on a tab, and say whether they were taken; the file is not written yet.

        Parameters
        ----------
        name
            The tab, such as ``Azure``.
        """
        if name not in self._tabs:
            raise OptionError.unknown(name, option="name", known=self._tabs)
        return in_words(lambda editor: editor._confirm(name))(self)  # noqa: SLF001 - our own method

    @in_words
    def save_settings(self) -> bool:
        """Write the confirmed choices to the file, and say whether that was done."""
        waiting = [tab.title for tab in self._tabs.values() if tab.edits(self._draft)]
        if waiting:
            self.say(
                "notice",
                f"Nothing was written: press Save on the tab {waiting[0]} first, to confirm its choices.",
            )
            return False
        if self._draft.base.revision == ABSENT:
            self._draft.choose_what_is_shown()
        if not self._draft.confirmed:
            self.say("plain", "Nothing to write: the file has these settings already.")
            return False
        try:
            keys = self._draft.save()
        except SettingsConflictError:
            self._told_of(self._document(), "Nothing was written.")
            return False
        self._document()
        self._show(("done", f"Written to the file: {', '.join(keys)}."))
        return True

    @in_words
    def refresh(self) -> bool:
        """Read the file again, and say whether its values are shown; choices made here are kept."""
        now = self._document(force=True)
        if self._unsaved():
            self._told_of(now, "Choices made here are not saved yet.")
            return False
        self._draft.load(now)
        self._show(opening(self._draft))
        return True

    @in_words
    def reload(self) -> bool:
        """Read the file again and drop the choices made here."""
        self._draft.load(self._document(force=True))
        self._show(opening(self._draft))
        return True

    @in_words
    def undo(self) -> bool:
        """Bring the file back to what it was before it was last written; doing it twice takes the undo back."""
        return self._went_back(self._draft.undo)

    @in_words
    def restore(self, revision: str) -> bool:
        """Bring an earlier state of the file back; that is a save, so it can be undone.

        Parameters
        ----------
        revision
            Which one, as `huntbook.settings.history.versions` lists them.
        """
        return self._went_back(lambda: self._draft.restore(revision))

    @in_words
    def replace_secret(self, key: str, variable: str) -> bool:
        """Write ``{EnvironmentVar: variable}`` in the place of a secret in plain text.

        Parameters
        ----------
        key
            The dotted name of the setting that holds the secret.
        variable
            The name of the environment variable, never the secret.
        """
        if self._unsaved():
            self._told_of(self._document(), "Choices made here are not saved yet.")
            return False
        self._draft.refer(key, variable)
        self._document(force=True)
        text = (
            f"{key} now refers to the environment variable {variable}. Set {variable} to the secret before a kernel "
            "starts. Earlier states in the history still hold the secret."
        )
        self._show(("done", text))
        return True

    @in_words
    def keep_mine(self) -> bool:
        """Put the choices made here on top of the file as it is now; nothing is written yet.

        Of a setting that was changed on both sides, the value chosen beside it is kept.
        """
        edits = {name: tab.edits(self._draft) for name, tab in self._tabs.items()}
        kept = self._draft.confirmed.keys() - self._conflicts.theirs()
        self._draft.rebase(self._document(force=True), kept)
        left = ", ".join(self._draft.confirmed)
        self._show(
            (
                "done",
                f"Kept on top of the file: {left}. Press Save Settings to write."
                if left
                else "The file's values are shown.",
            )
        )
        for name, tab in self._tabs.items():
            tab.type_in(edits[name])
        return True

    def choose(self, key: str, side: str) -> None:
        """Choose between the two values of a setting in conflict.

        Parameters
        ----------
        key
            The dotted name.
        side
            "mine" or "theirs".
        """
        self._conflicts.choose(key, side)

    def say(self, kind: str, text: str) -> None:
        """Show a text in the status line: "plain", "done", "notice" or "error"."""
        self._said = text
        say(self._status, text, kind=f"status-{kind}")

    def close(self) -> None:
        """Take the editor off the screen and stop following the file."""
        if self._task is not None:
            self._task.cancel()
        super().close()

    # What is on the screen.

    def _parts(self) -> list[widgets.Widget]:
        pages: list[SectionTab | OtherSections | HistoryList] = [*self._tabs.values(), *self._pages]
        self._book.children = [page.box for page in pages]
        self._book.titles = [page.title for page in pages]
        style = widgets.HTML(STYLE, layout=widgets.Layout(display="none"))
        below = [self._row, self._status, self._conflicts, self._secrets, self._path]
        return [style, self._repair, self._book, *below]

    def _connect(self) -> None:
        for name, tab in self._tabs.items():
            tab.save.on_click(lambda _, name=name: self.save_tab(name))
            tab.on_change(functools.partial(self._changed, tab))
        self._book.observe(lambda _: self._turn_to_page(), "selected_index")
        self._row.write.on_click(lambda _: self.save_settings())
        self._row.again.on_click(lambda _: self.refresh())
        self._row.reload.on_click(lambda _: self.reload())
        self._row.keep.on_click(lambda _: self.keep_mine())
        self._row.undo.on_click(lambda _: self.undo())

    def _show(self, said: tuple[str, str]) -> None:
        """Put the draft on the screen, with a status."""
        self._showing = True
        try:
            for tab in self._tabs.values():
                tab.show(self._draft)
        finally:
            self._showing = False
        self._repair.show(self._draft)
        self._secrets.show(self._draft.base.data)
        self._turn_to_page()
        broken = self._draft.base.fault is not None
        self._row.undo.disabled = not self._draft.can_undo()
        for button in (self._row.write, *(tab.save for tab in self._tabs.values())):
            button.disabled = broken
        self._offer(reload=False, keep=False)
        say(self._path, str(self._draft.path))
        self.say(*said)

    def _turn_to_page(self) -> None:
        """Fill the page that is on top: no other, so that opening is quick and a saved notebook small."""
        number = (self._book.selected_index or 0) - len(self._tabs)
        if number >= 0:
            self._pages[number].show(self._draft)

    def _changed(self, tab: SectionTab) -> None:
        if self._showing or self._draft.base.fault is not None:
            return
        tab.examine(self._draft)
        waiting = [tab.title for tab in self._tabs.values() if tab.edits(self._draft)]
        if waiting:
            self.say("plain", f"Choices on the tab {waiting[0]} are not confirmed yet: press Save there.")
        elif self._draft.confirmed:
            self.say(
                "plain",
                f"Confirmed, not written yet: {', '.join(self._draft.confirmed)}. Press Save Settings.",
            )
        else:
            self.say("plain", OPENING)

    def _confirm(self, name: str) -> bool:
        tab = self._tabs[name]
        try:
            keys = self._draft.confirm(name, tab.read())
        except SettingsValueError as error:
            tab.refuse(error.key, str(error))
            self.say("error", str(error))
            return False
        tab.refuse("", "")
        text = (
            f"Confirmed: {', '.join(keys)}. Press Save Settings to write the file."
            if keys
            else "No changes on this tab."
        )
        self.say("done" if keys else "plain", text)
        return True

    # The file, and what others do to it.

    def _document(self, *, force: bool = False) -> Document:
        self._watched.refresh(force=force)
        return self._watched.document or read(self._watched.path)

    def _went_back(self, go: Callable[[], Version]) -> bool:
        """Bring an earlier state back where no choice here would be lost."""
        if self._unsaved():
            self._told_of(self._document(), "Choices made here are not saved yet.")
            return False
        earlier = go()
        self._document(force=True)
        self._show(("done", f"The file is as it was at {words_of(earlier)}. Undo save takes this back."))
        return True

    def _unsaved(self) -> bool:
        return bool(self._draft.confirmed) or any(tab.edits(self._draft) for tab in self._tabs.values())

    def _told_of(self, now: Document, consequence: str) -> None:
        """Say what changed outside, and offer to take it."""
        if now.revision == self._draft.base.revision:
            self._offer(reload=True, keep=False)
            self.say("notice", f"{consequence} Reload drops them.")
            return
        keys = self._draft.changed_outside(now)
        what = ", ".join(keys) if keys else "nothing that is set"
        conflicts = self._draft.conflicts(now)
        self._offer(reload=True, keep=now.fault is None)
        self._conflicts.show(conflicts)
        choose = (
            "Choose below for each setting, then press Keep mine. "
            if conflicts
            else "Keep mine puts yours on top. "
        )
        self.say(
            "notice",
            f"The file was changed outside: {what}. {consequence} {choose}Reload takes the file's values and drops yours.",
        )

    def _offer(self, *, reload: bool, keep: bool) -> None:
        """Show the ways out of a conflict, or put them away."""
        self._row.offer(reload=reload, keep=keep)
        self._conflicts.show(())

    @in_words
    def look(self) -> bool:
        """Look whether the file or the site's changed: show it, or say so where there are unsaved choices here."""
        now = self._document()
        if self._draft.is_current(now):
            return False
        if not self._unsaved():
            self._draft.load(now)
            self._show(opening(self._draft))
        elif now.revision not in {self._draft.base.revision, self._told}:
            self._told = now.revision
            self._told_of(now, "Your choices here are kept.")
        return True

    _told = ""
    _said = ""
    _task: asyncio.Task[None] | None = None

    def _followed(self) -> asyncio.Task[None] | None:
        """Follow the file in the kernel's own loop; without one, Refresh does it."""
        with contextlib.suppress(RuntimeError):
            return asyncio.get_running_loop().create_task(_follow(weakref.ref(self)))
        return None


async def _follow(reference: weakref.ref[MpConfigEdit]) -> None:
    """Look at the file again and again, for as long as the editor lives; no thread, so output lands in its cell."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        editor = reference()
        if editor is None:
            return
        editor.look()
        del editor
