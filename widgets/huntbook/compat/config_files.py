"""MSTICPy's `MpConfigFile`: a settings file that code loads, looks at, changes and saves."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from huntbook import settings as live
from huntbook.compat.providers import BHKeyVaultClient
from huntbook.editor import MpConfigEdit
from huntbook.editor.draft import patch_between
from huntbook.errors import SettingsFileError
from huntbook.settings import document, model, workspaces
from huntbook.settings.secrets import masked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from huntbook.settings.changes import Changes

__all__ = ["MpConfigFile"]


class _Said(str):
    """A text that a cell shows as it is, without quotes."""

    __slots__ = ()

    __repr__ = str.__str__


class MpConfigFile:
    """A settings file: `settings` is what it says, to look at and to change; `save_to_file` writes what changed.

    A cell that ends with it shows the editor of the file, `MpConfigEdit`.

    Parameters
    ----------
    file
        The file. None: the one that every kernel and the sidebar use. It need not exist.
    settings
        Start from these sections instead of the file's.

    Raises
    ------
    SettingsFileError
        The file is broken or can't be read.

    Examples
    --------
    >>> mp_file = MpConfigFile("/nowhere/msticpyconfig.yaml", {"Azure": {"cloud": "usgov"}})
    >>> mp_file.view_settings()
    Azure:
      cloud: usgov
    >>> mp_file.settings["Azure"]["cloud"] = "moon"
    >>> mp_file.validate_settings()  # doctest: +ELLIPSIS
    Azure.cloud: 'moon' is not known. ...
    """

    def __init__(self, file: str | Path | None = None, settings: Mapping[str, Any] | None = None) -> None:
        self._base = _read(live.path if file is None else file)
        self.settings: dict[str, Any] = copy.deepcopy(dict(self._base.data if settings is None else settings))

    @property
    def current_file(self) -> str:
        """The file's path."""
        return str(self._base.path)

    @property
    def default_config_file(self) -> str:
        """The file that every kernel and the sidebar use."""
        return str(live.path)

    def load_default(self) -> None:
        """Read the file that every kernel and the sidebar use."""
        self.load_from_file(live.path)

    def load_from_file(self, file: str | Path) -> None:
        """Read another file; what was changed here and not saved is dropped.

        Parameters
        ----------
        file
            The file.

        Raises
        ------
        SettingsFileError
            There is no such file, or it is broken.
        """
        found = _read(file)
        if found.revision == document.ABSENT:
            raise SettingsFileError(
                f"There is no settings file {found.path}. Correct the name, "
                f"or let save_to_file({str(file)!r}) make the file."
            )
        self._base = found
        self.settings = copy.deepcopy(found.data)

    def view_settings(self, show: bool = True) -> str:  # noqa: ARG002, FBT001, FBT002 - MSTICPy's signature
        """Return the settings as YAML; secrets in plain text are hidden.

        Parameters
        ----------
        show
            Taken, and without effect: a cell that ends with the call shows the text.
        """
        return _Said(yaml.safe_dump(masked(self.settings), sort_keys=False, allow_unicode=True).rstrip("\n"))

    def validate_settings(self, show: bool = True) -> str:  # noqa: ARG002, FBT001, FBT002 - MSTICPy's signature
        """Return what is wrong with the settings, a sentence a line, or that every value is good.

        Parameters
        ----------
        show
            Taken, and without effect: a cell that ends with the call shows the text.
        """
        problems = model.effective(self.settings).problems
        return _Said("\n".join(problem.message for problem in problems) or "Every value is good.")

    def save_to_file(self, file: str | Path | None = None, backup: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002 - MSTICPy's signature
        """Write what changed; comments, order and unchanged values in the file stay.

        Parameters
        ----------
        file
            Where. None: `current_file`. Another file is made to say what `settings` says.
        backup
            Taken, and without effect: the history keeps what the file was.

        Raises
        ------
        SettingsConflictError
            Someone else changed the file after it was read here.
        SettingsValueError
            A value that is refused or locked, or a secret in plain text.
        SettingsFileError
            The file can't be written, or the present one is broken.
        """
        target = document.read(self._base.path if file is None else file)
        own = target.path == self._base.path
        saved = document.save(
            target.path,
            patch_between(target.data, self.settings),
            expected_revision=self._base.revision if own else target.revision,
            origin="editor",
        )
        if own:
            self._base = saved
            self.settings = copy.deepcopy(saved.data)

    def show_kv_secrets(self, show: bool = True) -> list[str]:  # noqa: ARG002, FBT001, FBT002 - MSTICPy's signature
        """Return the names of the vault's secrets; MSTICPy prints the secrets too, which ends up in notebooks.

        Parameters
        ----------
        show
            Taken, and without effect.
        """
        return BHKeyVaultClient().secrets

    @staticmethod
    def get_workspace_from_url(url: str) -> dict[str, dict[str, str]]:
        """Return a workspace's settings by its name, from its address in the portal.

        The address does not hold the workspace's id, so that must be added.

        Parameters
        ----------
        url
            The address.

        Raises
        ------
        SettingsValueError
            It is no such address.
        """
        name, body = workspaces.imported(url)
        return {name: body}

    def map_json_to_mp_ws(self) -> dict[str, Any]:
        """Turn what a portal's ``config.json`` says, once loaded, into a workspace of the settings."""
        if "workspace_id" in self.settings:
            name, body = workspaces.imported(json.dumps(self.settings))
            self.settings = {"MSSentinel": {"Workspaces": {name: body}}}
            return self.settings
        return {}

    @staticmethod
    def refresh_mp_config() -> Changes:
        """Do as `huntbook.settings.refresh_config`."""
        return live.refresh_config()

    def __fspath__(self) -> str:
        return self.current_file

    def __repr__(self) -> str:
        sections = ", ".join(self.settings) or "no settings"
        return f"<MpConfigFile {self.current_file}: {sections}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return MpConfigEdit(self.current_file)._repr_mimebundle_(include=include, exclude=exclude)


def _read(file: str | Path) -> document.Document:
    found = document.read(Path(file).expanduser())
    if found.fault is not None:
        raise found.fault
    return found
