"""What an administrator sets for everyone, and which settings nobody may change.

A site file is called ``huntbook.yaml`` and lies on Jupyter's configuration path. It has the
sections of a settings file, and a table ``locked`` of dotted names with the reason that users see::

    Azure:
      cloud: usgov
    locked:
      Azure.cloud: This hub works for one agency in one cloud.

Of several site files the one of the system is the lowest and the one of the user's own folder the
highest; a setting that a lower one locks can't be changed by a higher one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from huntbook.errors import SettingsValueError
from huntbook.settings.files import ABSENT, Document, read
from huntbook.settings.model import Problem, canonical
from huntbook.settings.sections import shown
from huntbook.settings.spelling import meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["LOCKED", "Lock", "doubts", "lock_on", "locks", "refuse_locked", "site_documents", "site_files"]

LOCKED: Final = "locked"
_NAME: Final = "huntbook.yaml"


@dataclass(frozen=True, slots=True)
class Lock:
    """One setting that users can't change.

    Parameters
    ----------
    key
        Its dotted name; a section or table locks all that is in it.
    reason
        Why, in the administrator's words.
    path
        The site file that says so.
    """

    key: str
    reason: str
    path: Path

    def covers(self, key: str) -> bool:
        """Say whether this lock holds for a setting."""
        return key == self.key or key.startswith(f"{self.key}.")

    def __str__(self) -> str:
        return f"{self.key} is locked by {self.path}: {self.reason}"


def site_files() -> tuple[Path, ...]:
    """Return where site files may lie, the lowest first."""
    from jupyter_core.paths import jupyter_config_dir, jupyter_config_path  # noqa: PLC0415 - paid on first use

    own = jupyter_config_dir()
    # Jupyter's order, but that the folder a user can write comes last: nothing in it may lock out the administrator.
    folders = [*(folder for folder in reversed(jupyter_config_path()) if folder != own), own]
    return tuple(Path(folder) / _NAME for folder in folders)


def site_documents() -> tuple[Document, ...]:
    """Read the site files that there are, the lowest first."""
    found = (read(path) for path in site_files())
    return tuple(document for document in found if document.revision != ABSENT)


def locks(documents: Iterable[Document]) -> tuple[Lock, ...]:
    """Return every lock of some site files; where two name one setting, the lower file's comes first."""
    found: list[Lock] = []
    for document in documents:
        table = document.data.get(LOCKED)
        # A list of names locks them too: whoever wrote it meant that.
        named = dict.fromkeys(table) if isinstance(table, list) else table
        for key, reason in named.items() if isinstance(named, dict) else ():
            words = reason if isinstance(reason, str) else "An administrator set it."
            found.append(Lock(".".join(_canonical_path(str(key))), words, document.path))
    return tuple(found)


def doubts(document: Document) -> tuple[Problem, ...]:
    """Return what is wrong with the locks of a site file: a form that locks nothing, or a name that is none."""
    table = document.data.get(LOCKED)
    if table is not None and not isinstance(table, dict | list):
        message = (
            f"{LOCKED}: {shown(table)} locks nothing. Give a table of settings and reasons, "
            "such as {Azure.cloud: The contract says so.}"
        )
        return (Problem(LOCKED, message),)
    found: list[Problem] = []
    for lock in locks([document]):
        section, _, rest = lock.key.partition(".")
        named = {section: {rest.partition(".")[0]: True}} if rest else {section: {}}
        found += (
            Problem(LOCKED, f"{LOCKED}: {name} is not known, so it locks nothing. Did you mean {ours}?")
            for name, ours in meant(named).items()
        )
    return tuple(found)


def lock_on(key: str, held: Iterable[Lock]) -> Lock | None:
    """Return the lock that holds for a setting, or None."""
    return next((lock for lock in held if lock.covers(key)), None)


def refuse_locked(changes: Mapping[str, Any], held: Iterable[Lock]) -> None:
    """Refuse changes of locked settings. A removal passes: it only takes away what has no effect.

    Raises
    ------
    SettingsValueError
        Naming the first such setting, with the administrator's reason.
    """
    held = tuple(held)
    for key in _set_keys(canonical(changes), ""):
        lock = lock_on(key, held) or next((lock for lock in held if lock.key.startswith(f"{key}.")), None)
        if lock is not None:
            raise SettingsValueError(f"{lock} Ask your administrator to change it there.", key=key)


def _canonical_path(key: str) -> list[str]:
    section, *rest = key.split(".")
    return [next(iter(canonical({section: {}}))), *rest]


def _set_keys(value: Any, path: str) -> Iterator[str]:
    """Yield the dotted name of every value that a change sets."""
    if isinstance(value, dict) and (value or not path):
        for key, item in value.items():
            yield from _set_keys(item, f"{path}.{key}" if path else key)
    elif value is not None:
        yield path
