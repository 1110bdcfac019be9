"""MSTICPy's functions for settings."""

from __future__ import annotations

import huntbook
from huntbook.compat import uninstall
from huntbook.compat.config import current_config_path, get_config, set_config


def test_they_read_and_set_what_huntbook_reads(settings_file):
    """One place, under two names."""
    settings_file.write_text("Azure: {cloud: cn}\n")
    assert (get_config("Azure.cloud"), get_config("No.such", "else")) == ("cn", "else")
    assert set_config("Azure.cloud", "usgov", create_path=True) == "usgov"
    assert huntbook.settings.get("Azure.cloud") == "usgov"
    huntbook.settings.set_session("Azure.cloud", None)
    assert current_config_path() == str(settings_file)


def test_they_are_found_as_notebooks_look_for_them(settings_file):
    """As an attribute of the package, and in the modules of both versions."""
    assert huntbook.install_as_msticpy()
    import msticpy  # noqa: PLC0415 - it means huntbook from here on
    from msticpy.common.pkg_config import get_config as old  # noqa: PLC0415 - as above
    from msticpy.common.settings import get_config as new  # noqa: PLC0415 - as above

    assert msticpy.settings.get_config is old is new
    assert msticpy.settings.current_config_path() == str(settings_file)
    uninstall()
