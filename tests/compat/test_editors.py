"""MSTICPy's way to open the editor."""

from __future__ import annotations

import pytest

from huntbook.compat.config_files import MpConfigFile
from huntbook.compat.editors import MpConfigEdit
from huntbook.errors import OptionError


@pytest.mark.parametrize("how", ["settings", "conf_filepath"])
def test_the_file_is_named_either_way(settings_file, how):
    """As a path, as text, or as an `MpConfigFile`; without a name it is the central file."""
    for named in (settings_file, str(settings_file), MpConfigFile(settings_file)):
        assert MpConfigEdit(**{how: named}).current_config_file == str(settings_file)
    assert MpConfigEdit().current_config_file == str(settings_file)


def test_a_tab_is_turned_to_by_msticpys_title_or_ours(settings_file):
    """In any case of letters, or by its number."""
    edit = MpConfigEdit()
    for name, index in (
        ("Azure", 0),
        ("MicrosoftSentinel", 1),
        ("key vault", 2),
        ("TI Providers", 3),
        (None, 4),
    ):
        edit.set_tab(name, index=4)
        assert edit._book.selected_index == index


def test_what_is_no_tab_or_no_file_is_refused(settings_file):
    """With what there is, and with what takes sections."""
    with pytest.raises(OptionError) as caught:
        MpConfigEdit().set_tab("Azur")
    assert str(caught.value).startswith(
        "tab_name='Azur' is not known. Did you mean 'Azure'? It takes: 'Azure',"
    )
    with pytest.raises(OptionError) as caught:
        MpConfigEdit({"Azure": {}})
    assert str(caught.value) == (
        "settings=dict: the editor takes a file. "
        "MpConfigFile(settings=...) takes sections, and save_to_file writes them."
    )
