"""Which project files may say where sign-ins and secrets go: those whose exact content was trusted.

A project file comes with a folder, often from someone else. Until a person has looked at it, its
clouds, endpoints, authorities and vaults have no effect. What is remembered is the hash of the
content, so a later change of the file needs to be trusted again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from huntbook.errors import SettingsFileError
from huntbook.settings.files import ABSENT, absolute, in_words, locked, put, read, side_folder

if TYPE_CHECKING:
    from huntbook.settings.files import Document

__all__ = ["is_trusted", "trust"]

_MAX_REMEMBERED: Final = 1_000


def trust(path: Path | str, *, user_file: Path | str) -> Document:
    """Remember that the present content of a project file is trusted, and return what it says.

    Parameters
    ----------
    path
        The project file.
    user_file
        The central settings file; the memory lies beside it.

    Raises
    ------
    SettingsFileError
        There is no such file, it is broken, or the memory can't be written.
    """
    document = read(path)
    if document.fault is not None:
        raise document.fault
    if document.revision == ABSENT:
        raise SettingsFileError(f"There is no settings file {document.path} to trust. Check the path.")
    memory = _memory(absolute(user_file))
    with in_words(memory):
        memory.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        side_folder(memory.parent.parent / memory.name)
        with locked(memory.parent.parent / memory.name):
            known = [line for line in _remembered(memory) if line != _hash(document)]
            lines = [*known, _hash(document)][-_MAX_REMEMBERED:]
            put(memory, "".join(f"{line}\n" for line in lines).encode())
    return document


def is_trusted(document: Document, *, user_file: Path | str) -> bool:
    """Say whether exactly this content was trusted."""
    return _hash(document) in _remembered(_memory(absolute(user_file)))


def _memory(user_file: Path) -> Path:
    return Path(os.path.realpath(user_file)).parent / ".huntbook" / "trusted"


def _remembered(memory: Path) -> list[str]:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return memory.read_text("ascii").split()
    return []


def _hash(document: Document) -> str:
    return hashlib.sha256(document.text.encode()).hexdigest()
