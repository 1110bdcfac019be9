"""MSTICPy's `MpConfigEdit`: the editor, whose tabs are turned to by their names."""

from __future__ import annotations

from os import PathLike, fspath
from typing import Final

from huntbook import editor
from huntbook.errors import OptionError

__all__ = ["MpConfigEdit"]

# Where the settings lie that MSTICPy has a tab of its own for.
_TABS: Final = {
    "MicrosoftSentinel": "Microsoft Sentinel",
    "MSTICPy": "Other",
    "TI Providers": "Other",
    "Data Providers": "Other",
    "GeoIP Providers": "Other",
}


class MpConfigEdit(editor.MpConfigEdit):
    """The editor of `huntbook.MpConfigEdit`, under MSTICPy's signature.

    Parameters
    ----------
    settings
        The settings file, or an `MpConfigFile` of it. None: the one that every kernel and the sidebar use.
    conf_filepath
        The same; what MSTICPy calls it.

    Raises
    ------
    OptionError
        Sections instead of a file: those are what `MpConfigFile(settings=...)` takes.

    Examples
    --------
    >>> edit = MpConfigEdit(conf_filepath="/nowhere/msticpyconfig.yaml")
    >>> edit.set_tab("TI Providers")
    >>> edit.tab_names
    ['Azure', 'Microsoft Sentinel', 'Key Vault', 'Other', 'History']
    """

    def __init__(
        self,
        settings: str | PathLike[str] | None = None,
        conf_filepath: str | PathLike[str] | None = None,
    ) -> None:
        named = settings if conf_filepath is None else conf_filepath
        if named is not None and not isinstance(named, str | PathLike):
            raise OptionError(
                f"settings={type(named).__name__}: the editor takes a file. "
                "MpConfigFile(settings=...) takes sections, and save_to_file writes them."
            )
        super().__init__(None if named is None else fspath(named))

    @property
    def tab_names(self) -> list[str]:
        """The titles of the tabs."""
        return list(self._book.titles)

    @property
    def current_config_file(self) -> str:
        """The settings file."""
        return str(self.path)

    def set_tab(self, tab_name: str | None, index: int = 0) -> None:
        """Turn to a tab, by its title here or in MSTICPy, or by its number.

        Parameters
        ----------
        tab_name
            In any case of letters; the sections without a tab of their own are on "Other". None: take `index`.
        index
            Counted from 0.

        Raises
        ------
        OptionError
            No such tab.
        """
        titles = {title.casefold(): title for title in self.tab_names}
        titles |= {theirs.casefold(): ours for theirs, ours in _TABS.items()}
        if tab_name and tab_name.casefold() not in titles:
            raise OptionError.unknown(tab_name, option="tab_name", known=self.tab_names)
        self._book.selected_index = self.tab_names.index(titles[tab_name.casefold()]) if tab_name else index
