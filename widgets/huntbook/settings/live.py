"""The settings as the running program sees them: read on use, read again when a file changed."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import os
import threading
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from huntbook.errors import SettingsValueError
from huntbook.settings import model, secrets, site
from huntbook.settings.changes import Change, Changes, differences
from huntbook.settings.files import ABSENT
from huntbook.settings.layers import Layer, combine
from huntbook.settings.spelling import meant, nested
from huntbook.settings.splice import merged
from huntbook.settings.trust import is_trusted
from huntbook.settings.watched import WatchedDocument, default_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from huntbook.settings.files import Document
    from huntbook.settings.layers import Combined, Explanation, Source

__all__ = ["Change", "Changes", "LiveSettings", "WatchedDocument", "default_path"]

# The user's file is looked at on every use; site and project files change seldom, so they are looked at less often.
_SELDOM_SECONDS: Final = 0.5
_PROJECT_NAME: Final = "msticpyconfig.yaml"


class LiveSettings:
    """The settings of this process: every layer, always as its files are now.

    Parameters
    ----------
    locate
        Says which file is the user's; asked on every use. Without it, MSTICPYCONFIG or the default
        says so, and a changed variable is obeyed.
    project
        Whether a file in the working folder counts as the project's.
    """

    def __init__(self, locate: Callable[[], Path] | None = None, *, project: bool = False) -> None:
        self._user = WatchedDocument(locate)
        self._project = WatchedDocument(_project_file) if project else None
        self._sites: tuple[WatchedDocument, ...] | None = None
        self._session: dict[str, Any] = {}
        self._lock = threading.RLock()
        self._looked = -1e9
        self._combined: Combined | None = None
        self._good: dict[Path, Document] = {}
        self._flat: dict[str, Any] = {}
        self._problems: dict[str, str] = {}
        self._warned: set[str] = set()
        self._reported: dict[str, Any] | None = None
        self._observers: list[_Observer] = []
        self._task: asyncio.Task[None] | None = None

    @property
    def path(self) -> Path:
        """The user's settings file, absolute; it need not exist."""
        self._refresh()
        return self._user.path

    @property
    def combined(self) -> Combined:
        """The layers put together, as they are now."""
        self._refresh()
        if self._combined is None:  # pragma: no cover - _refresh sets it
            raise RuntimeError("settings were not read")
        return self._combined

    def get(self, key: str, default: Any = None) -> Any:
        """Return the effective value of a setting.

        Parameters
        ----------
        key
            Its dotted name, such as ``Azure.cloud``; a section's name gives all its keys.
        default
            Returned where no layer and no default has a value.

        Raises
        ------
        SettingsValueError
            A file gives this key a value that it does not take, or the name is a slip for another.
        """
        self._refresh()
        try:
            value = self._flat[key]
        except KeyError:
            return self._other(key, default)
        if type(value) is str:
            return value
        return _copy(value) if value is not None else default

    def secret(self, key: str, *, key_vault: Callable[[str], str] | None = None) -> Any:
        """Return the secret that a setting holds or refers to.

        Parameters
        ----------
        key
            The dotted name.
        key_vault
            Fetches a secret by what the reference says, "vault/secret" or "secret".

        Raises
        ------
        SettingsValueError
            The reference leads nowhere.
        """
        return secrets.resolve(self.get(key), key=key, key_vault=key_vault)

    def source(self, key: str) -> Source:
        """Return where the effective value of a setting comes from: layer, file, line and lock."""
        return self.combined.source(key)

    def explain(self) -> Explanation:
        """Return every effective value with its source, and what was ignored."""
        return self.combined.explain()

    def set_session(self, key: str, value: Any) -> None:
        """Set a value for this process only; None takes it away again.

        Parameters
        ----------
        key
            The dotted name.
        value
            The value, checked as a save would check it.

        Raises
        ------
        SettingsValueError
            A value that the setting does not take, or a setting that is locked.
        """
        with self._lock:
            changes = model.checked(nested(key, value), self.combined.data)
            site.refuse_locked(changes, self.combined.locks)
            self._session = merged(self._session, changes)
            self._combine()

    def observe(
        self, callback: Callable[[Changes], None], names: Iterable[str] | None = None
    ) -> Callable[[], None]:
        """Call back when settings change: on the next use, and in a kernel within a second.

        Parameters
        ----------
        callback
            Gets what changed.
        names
            Only changes of these dotted names, or below them; None: of any.

        Returns
        -------
        Callable
            Call it to stop.
        """
        self._refresh()
        observer = _Observer(callback, None if names is None else tuple(names))
        self._observers.append(observer)
        if self._task is None or self._task.done():
            with contextlib.suppress(RuntimeError):
                self._task = asyncio.get_running_loop().create_task(self._follow())

        def stop() -> None:
            with contextlib.suppress(ValueError):
                self._observers.remove(observer)

        return stop

    def refresh_config(self) -> Changes:
        """Read the files again and return what changed since the last call, or since the first use."""
        with self._lock:
            self._refresh()
            before = self._reported or {}
            self._refresh(force=True)
            self._reported = self._state()
        return Changes(self._user.path, differences(before, self._reported))

    def _refresh(self, *, force: bool = False) -> None:
        """Bring everything up to date; where nothing changed that is one stat and a look at the clock."""
        changed = self._user.refresh(force=force)
        now = time.monotonic()
        if force or now - self._looked > _SELDOM_SECONDS:
            self._looked = now
            changed = self._refresh_others(force=force) or changed
        if changed or self._combined is None:
            with self._lock:
                self._combine()

    def _refresh_others(self, *, force: bool) -> bool:
        with self._lock:
            if self._sites is None:
                self._sites = tuple(WatchedDocument(_always(path)) for path in site.site_files())
            others = [*self._sites, *([self._project] if self._project is not None else [])]
            # A list and not a generator: every file must be looked at.
            return any([watched.refresh(force=force) for watched in others])  # noqa: C419 - see above

    def _combine(self) -> None:
        before = self._state() if self._combined is not None else None
        combined = combine(self._layers())
        flat = {
            f"{name}.{key}": value
            for name, section in combined.values.items()
            for key, value in section.items()
        }
        self._problems = {problem.key: problem.message for problem in combined.problems}
        for key in self._problems:
            flat.pop(key, None)
        self._flat, self._combined = flat, combined
        for notice in combined.notices:
            self._warn(notice)
        if self._reported is None:
            self._reported = self._state()
        if before is not None and self._observers:
            self._tell(Changes(self._user.path, differences(before, self._state())))

    def _layers(self) -> Iterable[Layer]:
        for watched in self._sites or ():
            if watched.document is not None and watched.document.revision != ABSENT:
                yield Layer("site", watched.document.data, watched.document)
        if self._user.document is not None:
            document = self._last_good(self._user.document)
            yield Layer("user", document.data, document)
        project = self._project.document if self._project is not None else None
        if (
            project is not None
            and project.revision != ABSENT
            and not _same_file(project.path, self._user.path)
        ):
            yield Layer("project", project.data, project, is_trusted(project, user_file=self._user.path))
        if self._session:
            yield Layer("session", self._session)

    def _last_good(self, found: Document) -> Document:
        """Return a file's content, or the last good one of the same file where it is broken, and say so."""
        if found.fault is None:
            self._good[found.path] = found
            return found
        good = self._good.get(found.path)
        kept = (
            "Until it is corrected, the defaults are in use."
            if good is None
            else "The last good settings stay in use."
        )
        self._warn(f"{found.fault} {kept}", mark=found.revision)
        return found if good is None else good

    def _warn(self, text: str, *, mark: str | None = None) -> None:
        if (mark or text) not in self._warned:
            self._warned.add(mark or text)
            warnings.warn(text, stacklevel=_users_level())

    def _tell(self, changes: Changes) -> None:
        for observer in tuple(self._observers):
            mine = observer.mine(changes)
            if mine:
                try:
                    observer.callback(mine)
                except Exception as error:  # noqa: BLE001 - one callback must not stop the others
                    warnings.warn(f"A callback of huntbook.settings.observe failed: {error!r}", stacklevel=2)

    async def _follow(self) -> None:
        while self._observers:
            await asyncio.sleep(_SELDOM_SECONDS)
            self._refresh()

    def _other(self, key: str, default: Any) -> Any:
        """Return a value that is not a plain known key: a section, an unknown key, or a refused value."""
        wrong = next((name for name in self._problems if name == key or name.startswith(f"{key}.")), None)
        if wrong is not None and key not in model.SECTIONS:
            raise SettingsValueError(f"{self._problems[wrong]} (In {self._user.path}.)", key=wrong)
        value: Any = self.combined.whole()
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is not None:
            return _copy(value)
        for ours in meant(nested(key, "")).values() if default is None else ():
            raise SettingsValueError(f"{key} is not known. Did you mean {ours}?", key=key)
        return default

    def _state(self) -> dict[str, Any]:
        """Return every effective value by section, for comparison."""
        return {} if self._combined is None else self._combined.whole()


class _Observer:
    """One callback and the settings that it is for."""

    def __init__(self, callback: Callable[[Changes], None], names: tuple[str, ...] | None) -> None:
        self.callback = callback
        self._names = names

    def mine(self, changes: Changes) -> Changes:
        if self._names is None:
            return changes
        wanted = self._names
        return Changes(
            changes.path,
            tuple(
                change
                for change in changes.changed
                if any(change.key == name or change.key.startswith(f"{name}.") for name in wanted)
            ),
        )


def _project_file() -> Path:
    """Return where a project's file may lie; the user's own place, so none, where the working folder is gone."""
    try:
        return Path.cwd() / _PROJECT_NAME
    except FileNotFoundError:
        return default_path()


def _users_level() -> int:
    """Return the stacklevel that makes a warning point at the line that uses huntbook, and not into this file."""
    frame, level = inspect.currentframe(), 0
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "huntbook":
        frame, level = frame.f_back, level + 1
    return level


def _always(path: Path) -> Callable[[], Path]:
    return lambda: path


def _same_file(left: Path, right: Path) -> bool:
    return os.path.realpath(left) == os.path.realpath(right)


def _copy(value: Any) -> Any:
    """Return a value that the caller may change without changing ours."""
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value
