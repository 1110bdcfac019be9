"""Claims about who says what, and who may not."""

from __future__ import annotations

import pytest

from huntbook.errors import SettingsValueError
from huntbook.settings.document import read, save
from huntbook.settings.layers import Layer, central, combine, line_of
from huntbook.settings.live import LiveSettings
from huntbook.settings.trust import trust

LOCK = "locked:\n  Azure.cloud: This hub works in one cloud.\n"
ID = "52b1ab41-869e-4138-9e40-2a4457f09bf0"


@pytest.fixture
def live():
    return LiveSettings(project=True)


def test_each_layer_stands_above_the_one_before(places, live):
    """Defaults, site, user, project and session, each overriding one more key."""
    places.system.write_text("Azure: {auth_methods: [env], client_id: null}\n")
    places.user.write_text("Azure: {auth_methods: [cli]}\n")
    places.project.write_text("Azure: {auth_methods: [msi]}\n")
    assert [live.get("Azure.cloud"), live.get("Azure.auth_methods")] == ["global", ["msi"]]
    live.set_session("Azure.auth_methods", ["device"])
    assert live.get("Azure.auth_methods") == ["devicecode"]
    live.set_session("Azure.auth_methods", None)
    assert live.get("Azure.auth_methods") == ["msi"]


def test_the_users_site_folder_stands_above_the_systems(places, live):
    """Of two site files, the one nearer to the user wins where nothing is locked."""
    places.system.write_text("Azure: {cloud: cn, tenant_id: a.example}\n")
    places.own.write_text("Azure: {cloud: de}\n")
    assert [live.get("Azure.cloud"), live.get("Azure.tenant_id")] == ["de", "a.example"]


def test_a_lock_holds_against_every_layer_above(places, live):
    """User, project and session can't change it, nor can a site file in the user's own folder."""
    places.system.write_text(f"Azure: {{cloud: usgov}}\n{LOCK}")
    places.own.write_text("Azure: {cloud: de}\n")
    places.user.write_text("Azure: {cloud: cn}\n")
    with pytest.warns(UserWarning, match="sets Azure.cloud without effect") as caught:
        assert live.get("Azure.cloud") == "usgov"
    assert {str(warning.message).split(" sets ")[0] for warning in caught} == {
        f"The site file {places.own}",
        f"The user file {places.user}",
    }
    with pytest.raises(SettingsValueError) as refused:
        live.set_session("Azure.cloud", "cn")
    assert str(refused.value) == (
        f"Azure.cloud is locked by {places.system}: This hub works in one cloud. "
        "Ask your administrator to change it there."
    )


def test_a_locked_key_is_refused_by_a_save_and_may_be_taken_out(places):
    """The file stays as it was; a removal passes, since it changes no effective value."""
    places.system.write_text(LOCK)
    places.user.write_text("Azure: {cloud: cn, tenant_id: a.example}\n")
    now = read(places.user).revision
    with pytest.raises(SettingsValueError, match="This hub works in one cloud"):
        save(places.user, {"Azure": {"cloud": "de"}}, expected_revision=now, origin="cli")
    saved = save(places.user, {"Azure": {"cloud": None}}, expected_revision=now, origin="cli")
    assert saved.data == {"Azure": {"tenant_id": "a.example"}}


def test_a_list_of_names_locks_them_too(places, live):
    """Whoever left out the reasons meant to lock."""
    places.system.write_text("Azure: {cloud: usgov}\nlocked: [Azure.cloud]\n")
    assert live.source("Azure.cloud").locked == "An administrator set it."


@pytest.mark.parametrize(
    ("locked", "words"),
    [
        ("yes", "locked: True locks nothing. Give a table of settings and reasons, such as {Azure.cloud: The contract says so.}"),
        ("{Azure.clod: no}", "locked: Azure.clod is not known, so it locks nothing. Did you mean Azure.cloud?"),
        ("[azure.cloud]", "locked: azure is not known, so it locks nothing. Did you mean Azure?"),
    ],
)  # fmt: skip
def test_a_lock_that_locks_nothing_is_said(places, live, locked, words):
    """With the file and the line; the administrator would not notice otherwise."""
    places.system.write_text(f"# ours\nlocked: {locked}\n")
    with pytest.warns(UserWarning, match="locks nothing"):
        assert live.explain().notices == (f"The site file {places.system}, line 2: {words}",)


def test_a_misspelt_key_is_said_with_its_line_and_kept(places, live):
    """It has no effect, and the one that was meant is named; `explain` shows what the file says."""
    places.user.write_text("Azure:\n  clod: usgov\n")
    with pytest.warns(UserWarning, match="clod"):
        explained = live.explain()
    words = "Azure.clod is not known, so it has no effect. Did you mean Azure.cloud?"
    assert explained.notices == (f"The user file {places.user}, line 2: {words}",)
    assert [(row.value, row.line) for row in explained.rows if row.key == "Azure.clod"] == [("usgov", 2)]


@pytest.mark.parametrize("locked", ["AzureSentinel.Workspaces", "MSSentinel.Workspaces.Soc", "MSSentinel"])
def test_a_lock_on_a_table_holds_for_all_that_is_in_it(places, locked):
    """Whatever spelling the administrator chose for the section."""
    places.system.write_text(f"locked: {{{locked}: no}}\n")
    changes = {"MSSentinel": {"Workspaces": {"Soc": {"WorkspaceId": ID}}}}
    with pytest.raises(SettingsValueError, match="is locked by"):
        save(places.user, changes, expected_revision="absent", origin="cli")


def test_workspaces_of_several_layers_are_put_together_by_name(places, live):
    """A project adds one; the user's stays."""
    places.user.write_text(f"AzureSentinel:\n  Workspaces:\n    Soc:\n      WorkspaceId: {ID}\n")
    places.project.write_text(
        f"MSSentinel: {{Workspaces: {{Lab: {{WorkspaceId: {ID}}}, Soc: {{ResourceGroup: rg}}}}}}\n"
    )
    assert live.get("MSSentinel.Workspaces") == {
        "Soc": {"WorkspaceId": ID, "ResourceGroup": "rg"},
        "Lab": {"WorkspaceId": ID},
    }


def test_an_untrusted_project_can_not_say_where_secrets_go(places, live):
    """Clouds, authorities, vaults and unknown sections of it have no effect, and that is said."""
    places.project.write_text(
        "Azure: {cloud: cn, auth_methods: [msi]}\nKeyVault: {VaultName: evil}\nSplunk: {host: evil}\n"
    )
    with pytest.warns(UserWarning, match="is not trusted") as caught:
        assert live.get("Azure.cloud") == "global"
    message = (
        f"The project file {places.project} is not trusted, so these settings of it have no effect: "
        "Azure.cloud, KeyVault.VaultName, Splunk.host. "
        f"Look at it, then run: huntbook settings trust {places.project}"
    )
    assert [(str(warning.message), warning.filename) for warning in caught] == [(message, __file__)]
    assert live.get("Azure.auth_methods") == ["msi"]
    assert [live.get("KeyVault.VaultName"), live.get("Splunk")] == [None, None]


def test_trust_holds_for_exactly_the_content_that_was_seen(places, live):
    """One more change of the file, and it is not trusted any more."""
    places.project.write_text("Azure: {cloud: cn}\n")
    trust(places.project, user_file=places.user)
    assert live.get("Azure.cloud") == "cn"
    places.project.write_text("Azure: {cloud: de}\n")
    with pytest.warns(UserWarning, match="is not trusted"):
        live.refresh_config()
    assert live.get("Azure.cloud") == "global"


def test_the_users_file_in_the_working_folder_is_no_project(places, live, monkeypatch):
    """It is the user's own, so it needs no trust."""
    places.project.write_text("Azure: {cloud: cn}\n")
    monkeypatch.setenv("MSTICPYCONFIG", str(places.project))
    assert live.get("Azure.cloud") == "cn"
    assert live.source("Azure.cloud").layer == "user"


def test_a_source_names_layer_file_line_and_lock(places, live):
    """What every editor shows beside a value."""
    places.system.write_text(f"# site\nAzure:\n  cloud: usgov\n{LOCK}")
    places.user.write_text("Azure:\n\n  tenant_id: a.example\n")
    assert str(live.source("Azure.cloud")) == (
        f"Azure.cloud = 'usgov', from site, {places.system}, line 3. Locked: This hub works in one cloud."
    )
    assert (
        str(live.source("Azure.tenant_id"))
        == f"Azure.tenant_id = 'a.example', from user, {places.user}, line 3"
    )
    assert (
        str(live.source("Azure.auth_methods")) == "Azure.auth_methods = ['cli', 'interactive'], from defaults"
    )
    live.set_session("Azure.tenant_id", "b.example")
    assert str(live.source("Azure.tenant_id")) == "Azure.tenant_id = 'b.example', from session"


def test_the_explanation_is_a_table_of_every_value(places, live):
    """Known keys with defaults, others with their place, and no secret in clear."""
    places.user.write_text("Splunk:\n  password: hush\n  host: <b>\n")
    table = live.explain()
    assert "Azure.cloud = 'global', from defaults" in repr(table).splitlines()
    assert f"Splunk.password = '********', from user, {places.user}, line 2" in repr(table).splitlines()
    html = table._repr_html_()
    assert "hush" not in html
    assert "&lt;b&gt;" in html


def test_a_broken_site_file_is_said_and_has_no_effect(places, live):
    """The rest goes on."""
    places.system.write_text("Azure: [\n")
    with pytest.warns(UserWarning, match="Its settings have no effect"):
        assert live.get("Azure.cloud") == "global"


def test_central_is_what_every_kernel_starts_from(places):
    """Site and user, without the project of one folder."""
    places.system.write_text(f"Azure: {{cloud: usgov}}\n{LOCK}")
    places.user.write_text("Azure: {auth_methods: [msi]}\n")
    found = central(read(places.user))
    assert found.values["Azure"]["cloud"] == "usgov"
    assert found.values["Azure"]["auth_methods"] == ["msi"]
    assert [str(lock) for lock in found.locks] == [
        f"Azure.cloud is locked by {places.system}: This hub works in one cloud."
    ]


def test_lines_are_found_under_other_spellings(places):
    """The section's first name and a key in lower case."""
    places.user.write_text(
        "AzureSentinel:\n  Workspaces:\n    Soc:\n      TenantId: x\nKeyVault:\n  vaultname: v\n"
    )
    document = read(places.user)
    assert line_of(document, "MSSentinel.Workspaces.Soc.TenantId") == 4
    assert line_of(document, "KeyVault.VaultName") == 6
    assert line_of(document, "Azure.cloud") is None


def test_a_section_that_is_no_table_is_a_problem(places):
    """It does not hide the defaults."""
    found = combine([Layer("user", {"Azure": 5})])
    assert found.values["Azure"]["cloud"] == "global"
    assert [problem.key for problem in found.problems] == ["Azure"]
