"""Who says what: defaults, site, user, project and session, each above the one before.

The layers are put together key by key, so each effective value has one source. A locked setting
keeps the value of the site, whatever the layers above it say.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from huntbook.settings import model, site
from huntbook.settings.files import ABSENT, Document
from huntbook.settings.outline import outline
from huntbook.settings.secrets import masked
from huntbook.settings.spelling import misspelt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from huntbook.settings.outline import Entry

__all__ = ["LAYERS", "Combined", "Explanation", "Layer", "Source", "central", "combine"]

LAYERS: Final = ("defaults", "site", "user", "project", "session")
_ABOVE_SITE: Final = frozenset({"user", "project", "session"})
# Tables of entries by name: each entry's keys are settings of their own.
_TABLES: Final = frozenset({("MSSentinel", "Workspaces")})


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its name, what it says, and the file it comes from, if any.

    Parameters
    ----------
    name
        One of `LAYERS`.
    data
        Its sections.
    document
        The file; None for the session.
    trusted
        Whether it may say where sign-ins and secrets go.
    """

    name: str
    data: Mapping[str, Any] = field(repr=False)  # may hold secrets
    document: Document | None = None
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """Where the effective value of a setting comes from; shows itself as a sentence.

    Parameters
    ----------
    key
        The setting's dotted name.
    value
        Its effective value; secrets are hidden.
    layer
        "defaults", "site", "user", "project" or "session".
    path, line
        The file and the line in it, counted from 1; None where the layer has no file.
    locked
        Why nobody may change it; None where they may.
    """

    key: str
    value: Any
    layer: str
    path: str | None = None
    line: int | None = None
    locked: str | None = None

    def __str__(self) -> str:
        where = f", {self.path}" if self.path else ""
        line = f", line {self.line}" if self.line else ""
        lock = f". Locked: {self.locked}" if self.locked else ""
        return f"{self.key} = {self.value!r}, from {self.layer}{where}{line}{lock}"


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """Every effective value with its source; a table where it is shown.

    Parameters
    ----------
    rows
        One source for each setting.
    notices
        What was ignored, and why, in sentences.
    """

    rows: tuple[Source, ...]
    notices: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join([*map(str, self.rows), *self.notices])

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        from html import escape  # noqa: PLC0415 - only where a notebook shows it

        head = "".join(
            f"<th style='text-align:left'>{name}</th>"
            for name in ("Setting", "Value", "Layer", "File", "Line", "Locked")
        )
        rows = "".join(
            "<tr>"
            + "".join(
                # A long path is broken rather than the table made wider than its cell.
                f"<td style='text-align:left;overflow-wrap:{'anywhere' if cell is row.path else 'normal'}'>"
                f"{escape('' if cell is None else str(cell))}</td>"
                for cell in (row.key, repr(row.value), row.layer, row.path, row.line, row.locked)
            )
            + "</tr>"
            for row in self.rows
        )
        notices = "".join(f"<p>{escape(notice)}</p>" for notice in self.notices)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{notices}"


@dataclass(frozen=True, slots=True)
class Combined:
    """The layers put together.

    Parameters
    ----------
    data
        What they say together, by section, without defaults.
    values
        The effective value of each known key by section, secrets in clear.
    problems
        What is wrong with any of the values.
    locks
        What nobody may change.
    notices
        What was ignored, and why, in sentences.
    """

    data: dict[str, Any] = field(repr=False)
    values: dict[str, dict[str, Any]] = field(repr=False)
    problems: tuple[model.Problem, ...]
    locks: tuple[site.Lock, ...]
    notices: tuple[str, ...]
    origins: dict[str, Layer] = field(repr=False)

    def shown(self) -> dict[str, dict[str, Any]]:
        """Return the effective values with plain secrets hidden."""
        return {name: dict(section) for name, section in masked(self.values).items()}

    def whole(self) -> dict[str, Any]:
        """Return every effective value by section, the keys that are not ours among them; to be read only."""
        ours = {name: {**_table(self.data.get(name)), **section} for name, section in self.values.items()}
        return {**self.data, **ours}

    def source(self, key: str) -> Source:
        """Return where a setting's effective value comes from."""
        return self.sources([key])[0]

    def sources(self, keys: Iterable[str]) -> tuple[Source, ...]:
        """Return where the effective values of several settings come from; each file is outlined once for all."""
        keys = tuple(keys)
        together = self.whole()
        sections = {key.partition(".")[0] for key in keys}
        shown = masked({name: section for name, section in together.items() if name in sections})
        return tuple(self._source(key, _at(shown, key.split("."))) for key in keys)

    def _source(self, key: str, value: Any) -> Source:
        origin = next((self.origins[name] for name in _upwards(key) if name in self.origins), None)
        lock = site.lock_on(key, self.locks)
        reason = lock.reason if lock else None
        if origin is None:
            return Source(key, value, "defaults", locked=reason)
        if origin.document is None:
            return Source(key, value, origin.name, locked=reason)
        return Source(
            key, value, origin.name, str(origin.document.path), line_of(origin.document, key), reason
        )

    def explain(self) -> Explanation:
        """Return every effective value with its source."""
        known = [f"{name}.{key}" for name, section in self.values.items() for key in section]
        keys = [key for key in known if not any(other.startswith(f"{key}.") for other in self.origins)]
        others = [key for key in self.origins if key not in keys]
        return Explanation(self.sources([*keys, *others]), self.notices)


def central(user: Document) -> Combined:
    """Return what holds for every kernel: defaults, site and user, without project and session.

    Parameters
    ----------
    user
        The central settings file as it was read.
    """
    sites = site.site_documents()
    return combine(
        [*(Layer("site", document.data, document) for document in sites), Layer("user", user.data, user)]
    )


def combine(layers: Iterable[Layer]) -> Combined:
    """Put layers together, the lowest first."""
    layers = list(layers)
    documents = [layer.document for layer in layers if layer.name == "site" and layer.document is not None]
    held = site.locks(documents)
    data: dict[str, Any] = {}
    origins: dict[str, Layer] = {}
    notices: list[str] = []
    for layer in layers:
        notices += [*_faults(layer), *_doubts(layer)]
        ignored: list[str] = []
        for path, value in _settings(layer):
            key = ".".join(path)
            lock = site.lock_on(key, held) if _below(layer, held, key) else None
            if lock is not None:
                notices.append(f"{_place(layer)} sets {key} without effect: {lock}")
            elif not layer.trusted and model.needs_trust(path[0], path[1] if len(path) > 1 else ""):
                ignored.append(key)
            else:
                _put(data, path, value)
                origins[key] = layer
        if ignored:
            notices.append(_untrusted(layer, ignored))
    found = model.effective(data, mask=False)
    return Combined(data, found.values, found.problems, held, tuple(notices), origins)


def line_of(document: Document, key: str) -> int | None:
    """Return the line of a file that a setting stands in, or of the nearest table around it."""
    if document.fault is not None or document.revision == ABSENT:
        return None
    lines = _lines(document.text)
    return next((lines[name] for name in _upwards(key.lower()) if name in lines), None)


@functools.lru_cache(maxsize=4)
def _lines(text: str) -> dict[str, int]:
    """Return the line of every setting by its dotted name in lower case; a section has the model's name too."""
    root = outline(text)
    lines: dict[str, int] = {}
    for entry in root.entries if root is not None else ():
        written = str(entry.name)
        for name in {written.lower(): None, next(iter(model.canonical({written: {}}))).lower(): None}:
            _count_lines(entry, name, lines)
    return lines


def _count_lines(entry: Entry, name: str, lines: dict[str, int]) -> None:
    lines.setdefault(name, entry.key.line + 1)
    for inner in entry.value.entries:
        _count_lines(inner, f"{name}.{str(inner.name).lower()}", lines)


def _settings(layer: Layer) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every setting of a layer with its path; an empty value is none."""
    for name, section in model.canonical(layer.data).items():
        if layer.name == "site" and name == site.LOCKED:
            continue
        if not isinstance(section, dict):
            if section is not None:
                yield (str(name),), section
            continue
        for key, value in section.items():
            yield from _parts((str(name), str(key)), value)


def _parts(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    deep = path in _TABLES or path[:-1] in _TABLES
    if deep and isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _parts((*path, str(key)), item)
    elif value is not None or deep:
        yield path, dict(value or {}) if deep and not value else value


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        inner = data.get(part)
        if not isinstance(inner, dict):
            inner = data[part] = {}
        data = inner
    data[path[-1]] = value


def _below(layer: Layer, held: tuple[site.Lock, ...], key: str) -> bool:
    """Say whether a lock is above this layer: the user's layers, and site files higher than the one that locks."""
    if layer.name in _ABOVE_SITE:
        return True
    lock = site.lock_on(key, held)
    return (
        lock is not None
        and layer.document is not None
        and lock.path != layer.document.path
        and _later(layer, lock)
    )


def _later(layer: Layer, lock: site.Lock) -> bool:
    files = site.site_files()
    path = layer.document.path if layer.document is not None else None
    return path in files and lock.path in files and files.index(path) > files.index(lock.path)


def _faults(layer: Layer) -> list[str]:
    if layer.name == "user" or layer.document is None or layer.document.fault is None:
        return []
    return [f"{layer.document.fault} Its settings have no effect."]


def _doubts(layer: Layer) -> list[str]:
    """Say which names of a layer are none, each with its line."""
    found = misspelt({name: section for name, section in layer.data.items() if name != site.LOCKED})
    if layer.name == "site" and layer.document is not None:
        found += site.doubts(layer.document)
    said = []
    for problem in found:
        line = line_of(layer.document, problem.key) if layer.document is not None else None
        said.append(f"{_place(layer)}{f', line {line}' if line else ''}: {problem.message}")
    return said


def _untrusted(layer: Layer, keys: list[str]) -> str:
    path = layer.document.path if layer.document is not None else "it"
    return (
        f"{_place(layer)} is not trusted, so these settings of it have no effect: {', '.join(keys)}. "
        f"Look at it, then run: huntbook settings trust {path}"
    )


def _place(layer: Layer) -> str:
    return f"The {layer.name} file {layer.document.path}" if layer.document is not None else "The session"


def _upwards(key: str) -> Iterator[str]:
    """Yield a dotted name and those of the tables around it, the nearest first."""
    parts = key.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _at(data: Any, parts: list[str]) -> Any:
    for part in parts:
        data = data.get(part) if isinstance(data, dict) else None
    return data
