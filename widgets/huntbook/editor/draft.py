"""What an editor holds between reading the file and writing it: the file's values and the confirmed choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huntbook.settings import document, model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from huntbook.settings.document import Document

__all__ = ["Draft"]


class Draft:
    """The file as it was read, and the choices that were confirmed but not written.

    Parameters
    ----------
    base
        The file as it was read.
    """

    def __init__(self, base: Document) -> None:
        self.base = base
        self.values: dict[str, Any] = {}
        self.problems: dict[str, str] = {}
        self.confirmed: dict[str, Any] = {}
        self.load(base)

    @property
    def path(self) -> Path:
        """The settings file."""
        return self.base.path

    def load(self, base: Document) -> None:
        """Take the file's present values and drop the confirmed choices."""
        self.base = base
        found = model.effective(base.data)
        self.values = _flat(found.values)
        self.problems = {problem.key: problem.message for problem in found.problems}
        self.confirmed = {}

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
        differing = {key: value for key, value in chosen.items() if value != self.values[f"{section}.{key}"]}
        checked = model.checked({section: differing})[section]
        for key in chosen:
            self.confirmed.pop(f"{section}.{key}", None)
        self.confirmed.update({f"{section}.{key}": value for key, value in checked.items()})
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
            changes.setdefault(section, {})[name] = value
        saved = document.save(self.path, changes, expected_revision=self.base.revision, origin="editor")
        self.load(saved)
        return keys

    def changed_outside(self, now: Document) -> tuple[str, ...]:
        """Name what differs between the file as it was read and as it is now."""
        after = _flat(model.effective(now.data).values)
        keys = [key for key, value in self.values.items() if after[key] != value]
        names = [*self.base.data, *(name for name in now.data if name not in self.base.data)]
        others = [
            name
            for name in names
            if name not in model.SECTIONS and self.base.data.get(name) != now.data.get(name)
        ]
        return (*keys, *map(str, others))


def _flat(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {f"{section}.{key}": value for section, keys in values.items() for key, value in keys.items()}
