"""What an editor holds between reading the file and writing it: the file's values and the confirmed choices."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from huntbook.errors import OptionError, SettingsFileError
from huntbook.settings import document, files, history, model, site
from huntbook.settings.changes import differences
from huntbook.settings.layers import Combined, central
from huntbook.settings.secrets import secret_paths
from huntbook.settings.splice import merged

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from huntbook.settings.changes import Change
    from huntbook.settings.document import Document

__all__ = ["Conflict", "Draft"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A setting that was chosen here and changed outside.

    Parameters
    ----------
    key
        Its dotted name.
    mine
        The confirmed choice.
    theirs
        What the file says now.
    """

    key: str
    mine: Any
    theirs: Any


class Draft:
    """The file as it was read, and the choices that were confirmed but not written.

    Parameters
    ----------
    base
        The file as it was read.
    """

    def __init__(self, base: Document) -> None:
        self.confirmed: dict[str, Any] = {}
        self.load(base)

    @property
    def path(self) -> Path:
        """The settings file."""
        return self.base.path

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong with the file's values, by key."""
        return {problem.key: problem.message for problem in self.combined.problems}

    def note(self, key: str) -> str:
        """Say who decides a setting where that is not the user's file."""
        lock = site.lock_on(key, self.combined.locks)
        if lock is not None:
            return f"Locked by {lock.path}: {lock.reason}"
        origin = self.combined.source(key)
        return (
            f"Set by the site file {origin.path}; a choice here replaces it."
            if origin.layer == "site"
            else ""
        )

    def locked(self, key: str) -> bool:
        """Say whether an administrator locked a setting."""
        return site.lock_on(key, self.combined.locks) is not None

    def load(self, base: Document) -> None:
        """Take the file's present values and drop the confirmed choices."""
        self.base = base
        self.combined = central(base)
        self.values = _flat(self.combined)
        self._sites = _site_revisions()
        self.confirmed = {}

    def is_current(self, now: Document) -> bool:
        """Say whether neither the file nor an administrator's is another one than was read."""
        same_file = now.revision == self.base.revision and now.path == self.path
        return same_file and self._sites == _site_revisions()

    def rebase(self, now: Document, keep: Collection[str]) -> None:
        """Take the file's present values, with those of the confirmed choices that are named on top."""
        kept = {key: value for key, value in self.confirmed.items() if key in keep}
        self.load(now)
        self.confirmed = {key: value for key, value in kept.items() if value != self.values[key]}

    def conflicts(self, now: Document) -> tuple[Conflict, ...]:
        """Return the confirmed choices whose settings were changed outside to something else."""
        after = _flat(central(now))
        return tuple(
            Conflict(key, mine, after[key])
            for key, mine in self.confirmed.items()
            if after[key] not in (self.values[key], mine)
        )

    def value(self, key: str) -> Any:
        """Return a setting as confirmed, else as the file has it."""
        return self.confirmed.get(key, self.values[key])

    def confirm(self, section: str, chosen: Mapping[str, Any]) -> tuple[str, ...]:
        """Take the choices of one section and return the keys that now differ from the file.

        Raises
        ------
        SettingsValueError
            A choice that the model refuses; none is taken then.
        """
        differing = {
            key: patch_between(self.values[f"{section}.{key}"], value)
            for key, value in chosen.items()
            if value != self.values[f"{section}.{key}"]
        }
        checked = model.checked({section: differing})[section]
        for key in chosen:
            self.confirmed.pop(f"{section}.{key}", None)
        for key, value in checked.items():
            old = self.values[f"{section}.{key}"]
            self.confirmed[f"{section}.{key}"] = merged(old, value) if isinstance(old, dict) else value
        return tuple(f"{section}.{key}" for key in checked)

    def save(self) -> tuple[str, ...]:
        """Write the confirmed choices and return their keys.

        Raises
        ------
        SettingsError
            As `huntbook.settings.document.save` does; the choices stay confirmed then.
        """
        keys = tuple(self.confirmed)
        changes: dict[str, dict[str, Any]] = {}
        for key, value in self.confirmed.items():
            section, _, name = key.partition(".")
            changes.setdefault(section, {})[name] = patch_between(self.values[key], value)
        saved = document.save(self.path, changes, expected_revision=self.base.revision, origin="editor")
        self.load(saved)
        return keys

    def choose_what_is_shown(self) -> None:
        """Confirm cloud and sign-in methods as they are, so that a first save makes a file that says them."""
        shown = [key for key in ("Azure.cloud", "Azure.auth_methods") if not self.locked(key)]
        self.confirmed = {key: self.values[key] for key in shown} | self.confirmed

    def versions(self) -> tuple[history.Version, ...]:
        """Return the states that the file had, the newest first."""
        return history.versions(self.path)

    def changes_since(self, revision: str) -> tuple[Change, ...]:
        """Return what changed from an earlier state of the file to the present one; secrets are hidden.

        Raises
        ------
        SettingsFileError
            The history has no such state, or it can't be read as settings.
        """
        then = files.parsed(self.path, history.content(self.path, revision))
        if then.fault is not None:
            raise SettingsFileError("This state can't be read as settings, so it is not offered.")
        return differences(then.data, self.base.data)

    def last_good(self) -> history.Version | None:
        """Return the latest earlier state that can be read as settings, or None."""
        for version in self.versions():
            with contextlib.suppress(SettingsFileError, FileNotFoundError):
                raw = history.content(self.path, version.revision)
                if version.revision != self.base.revision and files.parsed(self.path, raw).fault is None:
                    return version
        return None

    def restore(self, revision: str) -> history.Version:
        """Bring an earlier state back, and return it.

        Raises
        ------
        SettingsError
            As `huntbook.settings.document.restore` does.
        """
        known = {version.revision: version for version in self.versions()}
        self.load(
            document.restore(self.path, revision, expected_revision=self.base.revision, origin="editor")
        )
        return known[revision]

    def refer(self, key: str, variable: str) -> None:
        """Put a reference to an environment variable in the place of a secret in the file.

        Raises
        ------
        OptionError
            The file has no such secret in plain text.
        SettingsError
            As `huntbook.settings.document.save` does.
        """
        paths = {".".join(path): path for path in secret_paths(self.base.data)}
        if key not in paths:
            raise OptionError.unknown(key, option="key", known=paths)
        changes: Any = {"EnvironmentVar": variable}
        for part in reversed(paths[key]):
            changes = {part: changes}
        self.load(document.save(self.path, changes, expected_revision=self.base.revision, origin="editor"))

    def wrong(self, key: str, value: Any) -> dict[str, str]:
        """Return what is wrong with a choice for a setting, by dotted name; of a value as it is, what the file's is."""
        if value == self.value(key):
            found = self.problems
            return {name: text for name, text in found.items() if name == key or name.startswith(f"{key}.")}
        section, _, name = key.partition(".")
        return {
            problem.key: problem.message for problem in model.problems(section, name, value, self.base.data)
        }

    def can_undo(self) -> bool:
        """Say whether the history has a state before the present one."""
        return len(history.versions(self.path)) > 1

    def undo(self) -> history.Version:
        """Bring the state before the present one back, and return it.

        Raises
        ------
        SettingsError
            As `huntbook.settings.document.restore` does.
        """
        kept = [version for version in history.versions(self.path) if version.revision != self.base.revision]
        if not kept:
            raise SettingsFileError(f"The history of {self.path} has no earlier state. Nothing was undone.")
        return self.restore(kept[0].revision)

    def changed_outside(self, now: Document) -> tuple[str, ...]:
        """Name what differs between the file as it was read and as it is now."""
        return tuple(change.key for change in differences(self.base.data, now.data))


def patch_between(old: Any, new: Any) -> Any:
    """Return what makes `new` of `old`: for tables only the keys that differ, so hidden secrets are never written."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return new
    gone = {key: None for key in old if key not in new}
    return {
        **gone,
        **{key: patch_between(old.get(key), value) for key, value in new.items() if old.get(key) != value},
    }


def _site_revisions() -> dict[Path, str]:
    return {document.path: document.revision for document in site.site_documents()}


def _flat(combined: Combined) -> dict[str, Any]:
    shown = combined.shown()
    return {f"{section}.{key}": value for section, keys in shown.items() for key, value in keys.items()}
