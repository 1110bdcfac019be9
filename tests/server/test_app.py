from __future__ import annotations

import json
import os

import pytest

from huntbook_server.app import HuntbookApp


async def test_kernels_are_told_where_settings_and_bokeh_are(jp_serverapp, jp_base_url, settings_file):
    """Local kernels inherit the server's environment."""
    assert os.environ["MSTICPYCONFIG"] == str(settings_file)
    assert os.environ["HUNTBOOK_BOKEH_ROOT"] == f"{jp_base_url}huntbook/bokeh/"


class TestTrait:
    """An administrator names the file in the server's configuration."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config, tmp_path):
        jp_server_config.HuntbookApp.settings_file = str(tmp_path / "team.yaml")
        return jp_server_config

    async def test_the_environment_goes_before_the_trait(self, ask, settings_file):
        """Somebody who set MSTICPYCONFIG meant it."""
        assert json.loads((await ask()).body)["path"] == str(settings_file)

    class TestAlone:
        @pytest.fixture
        def settings_file(self, settings_file, tmp_path, monkeypatch):
            # Set empty, not removed: the server writes the variable, and monkeypatch takes it back.
            monkeypatch.setenv("MSTICPYCONFIG", "")
            return tmp_path / "team.yaml"

        async def test_the_trait_goes_before_the_home(self, ask, settings_file):
            """And the kernels are told the same file."""
            assert json.loads((await ask()).body)["path"] == str(settings_file)
            assert os.environ["MSTICPYCONFIG"] == str(settings_file)


def test_a_poll_interval_that_would_busy_the_disk_is_raised():
    """Zero would look at the file without a pause."""
    assert HuntbookApp(poll_interval=0).poll_interval == 0.05
