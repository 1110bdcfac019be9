"""Claims about names that look like ours but are none."""

from __future__ import annotations

import pytest

from huntbook.settings.spelling import meant


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ({"Azure": {"clod": "cn"}}, {"Azure.clod": "Azure.cloud"}),
        ({"azure": {"cloud": "cn"}}, {"azure": "Azure"}),
        ({"cloud": "cn"}, {"cloud": "Azure.cloud"}),
        ({"AzureSentinel": {"workspaces": {}}}, {"MSSentinel.workspaces": "MSSentinel.Workspaces"}),
        ({"KeyVault": {"vaultname": "soc"}, "AzureCLI": {"Args": {}}, "Team": {"cloud": 1}}, {}),
        ({"Azure": {"cloud": "cn", "clod": "cn"}, "Other": 3}, {}),
        ({"Azure": {"clod": None}, 5: 6}, {}),
    ],
)
def test_a_slip_is_told_from_somebody_elses_name(data, names):
    """Sections of other programs, the vault's keys in any case, and removals are no slips."""
    assert meant(data) == names
