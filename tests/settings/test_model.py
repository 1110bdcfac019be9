"""Claims about what each setting takes."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from huntbook.azure.arm import API_VERSIONS
from huntbook.azure.clouds import catalogue
from huntbook.azure.methods import METHODS
from huntbook.errors import SettingsValueError
from huntbook.settings.choices import API_GROUPS, AUTH_METHODS, CLOUDS, words
from huntbook.settings.model import canonical, checked, effective, json_schema, needs_trust, respelled

ID = "52b1ab41-869e-4138-9e40-2a4457f09bf0"

SECRET_FIX = "Write {EnvironmentVar: NAME} or {KeyVault: vault/secret}, and keep the secret there."
TENANT_FIX = (
    "Give its id, such as 11111111-2222-3333-4444-555555555555, "
    "or a domain name of it, such as contoso.onmicrosoft.com."
)
TAKEN = "'env', 'cli', 'msi', 'interactive', 'devicecode', 'powershell', 'vscode', 'clientsecret', 'certificate', 'workload'"


def test_without_a_file_the_defaults_hold():
    """An empty file means the global cloud, signed in by the Azure CLI, else in a browser."""
    found = effective({})
    assert found.values["Azure"] == {
        "cloud": "global",
        "auth_methods": ["cli", "interactive"],
        "tenant_id": None,
        "client_id": None,
        "resource_manager_url": None,
        "custom_clouds": [],
        "api_versions": {},
    }
    assert found.values["MSSentinel"] == {"Workspaces": {}}
    assert found.values["KeyVault"]["UseKeyring"] is False
    assert found.problems == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [("public", "global"), ("gov", "usgov"), ("germany", "de"), ("china", "cn"), (" USGov ", "usgov")],
)
def test_other_names_of_a_cloud_are_understood(written, meant):
    """The names that MSTICPy takes mean the same here."""
    assert effective({"Azure": {"cloud": written}}).values["Azure"]["cloud"] == meant


def test_other_names_of_sign_in_methods_are_understood():
    """The names that MSTICPy takes mean the same here, in the order of the file."""
    written = ["managed_identity", "environment", "device", "interactive_browser", "client_secret", "cert"]
    found = effective({"Azure": {"auth_methods": written}})
    assert found.values["Azure"]["auth_methods"] == [
        "msi",
        "env",
        "devicecode",
        "interactive",
        "clientsecret",
        "certificate",
    ]
    assert found.problems == ()


def test_a_misspelt_cloud_never_becomes_another_cloud():
    """The word stays as it is, and a problem names it and the nearest cloud."""
    found = effective({"Azure": {"cloud": "usgv"}})
    assert found.values["Azure"]["cloud"] == "usgv"
    assert [(problem.key, problem.message) for problem in found.problems] == [
        (
            "Azure.cloud",
            "Azure.cloud: 'usgv' is not known. Did you mean 'usgov'? It takes: 'global', 'usgov', 'cn', 'de', 'bleu', 'delos', 'sg', 'usnat', 'ussec'.",
        )
    ]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (
            "cloud",
            5,
            "5 is not known. It takes: 'global', 'usgov', 'cn', 'de', 'bleu', 'delos', 'sg', 'usnat', 'ussec'.",
        ),
        (
            "auth_methods",
            "cli",
            "'cli' is not a list. Give the methods in the order to try, such as [cli, interactive].",
        ),
        ("auth_methods", [], "The list is empty. Give at least one method, such as [cli, interactive]."),
        ("auth_methods", ["cli", "azurecli"], "'cli' stands in the list twice. Give each method once."),
        ("auth_methods", ["mis"], f"'mis' is not known. Did you mean 'msi'? It takes: {TAKEN}."),
        ("auth_methods", [None], f"None is not known. It takes: {TAKEN}."),
        (
            "tenant_id",
            "my tenant",
            f"'my tenant' is not a tenant. {TENANT_FIX}",
        ),
    ],
)
def test_a_refused_value_says_what_is_taken(key, value, message):
    """Reading gives a problem, writing raises an error, with the same words."""
    problems = effective({"Azure": {key: value}}).problems
    assert [(problem.key, problem.message) for problem in problems] == [
        (f"Azure.{key}", f"Azure.{key}: {message}")
    ]
    with pytest.raises(SettingsValueError) as caught:
        checked({"Azure": {key: value}})
    assert (caught.value.key, str(caught.value)) == (f"Azure.{key}", f"Azure.{key}: {message}")


def test_a_section_that_is_no_mapping_is_a_problem():
    """The defaults hold, and the problem names the section."""
    found = effective({"Azure": ["cloud"]})
    assert found.values["Azure"]["cloud"] == "global"
    assert [problem.message for problem in found.problems] == [
        "Azure: ['cloud'] is not a section. Give it keys, such as Azure.cloud."
    ]


@pytest.mark.parametrize(
    "tenant", ["11111111-2222-3333-4444-555555555555", "contoso.onmicrosoft.com", "bücher.de"]
)
def test_tenants_are_ids_or_domain_names(tenant):
    """Either form is taken as it is; a name beyond ASCII must be given in its ASCII form."""
    problems = effective({"Azure": {"tenant_id": tenant}}).problems
    assert bool(problems) == (not tenant.isascii())


def test_unknown_keys_and_sections_pass_untouched():
    """What the model does not know is not its business, None and strange names included."""
    changes = {
        "Azure": {"__class__": 1, "cloud": None},
        "MSSentinel": {"Workspaces": {"Old": None, "New": {"TenantId": None}}},
        "Splunk": {"Args": {"a": [1, {"b": None}]}},
        "Gone": None,
    }
    assert checked(changes) == changes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"A": {1: 2}}, "A: the key 1 is not text."),
        ({1: 2}, "the changes: the key 1 is not text."),
        ({"A": {"b": {1, 2}}}, "A.b: {1, 2} is neither text nor a number, truth value, list or mapping."),
        ({"A": {"b": 2**2000}}, "A.b: the number is longer than 1024 bits."),
        ({"A": {"b": "\ud800"}}, "A.b: the text holds half a character. Type it again."),
    ],
)
def test_what_no_file_can_hold_is_refused(changes, message):
    """The error names the place."""
    with pytest.raises(SettingsValueError) as caught:
        checked(changes)
    assert str(caught.value) == message


def test_too_deep_values_are_refused():
    """A value deeper than what reads again is refused before it is written."""
    deep: dict = {}
    for _ in range(60):
        deep = {"a": deep}
    with pytest.raises(SettingsValueError, match="more than 50 levels deep"):
        checked({"A": deep})


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("tenant_id", ["contoso.com", " a.b.onmicrosoft.com ", ID], ["contoso", "a..b", f"{ID}0", "x y.com"]),
        ("client_id", [ID, f" {ID} "], [ID[:-1], "contoso.com", f"{ID} x"]),
        ("resource_manager_url", ["https://a.example", "https://a:8/x"], ["http://a.example", "a.example"]),
    ],
)
def test_the_schema_refuses_what_the_model_refuses_in_the_same_words(key, good, bad):
    """An editor that checks while somebody types is right about what a save would say."""
    field = json_schema()["properties"]["Azure"]["properties"][key]
    for value in [*good, *bad]:
        assert bool(re.search(field["pattern"], value.strip())) == (value in good)
    for value in good:
        assert checked({"Azure": {key: value}}) == {"Azure": {key: value.strip()}}
    for value in bad:
        with pytest.raises(SettingsValueError) as caught:
            checked({"Azure": {key: value}})
        assert str(caught.value) == f"Azure.{key}: {value!r} {field['x-refusal']}"


def test_the_schema_carries_what_a_form_needs():
    """Each field has title, description and default; choices have label and help; the ordered list says so."""
    fields = json_schema()["properties"]["Azure"]["properties"]
    assert list(fields)[:3] == ["cloud", "auth_methods", "tenant_id"]
    assert all({"title", "description", "default", "type"} <= field.keys() for field in fields.values())
    assert [choice["value"] for choice in fields["cloud"]["x-choices"]] == fields["cloud"]["enum"]
    assert fields["auth_methods"]["x-order"] is True
    assert fields["tenant_id"]["type"] == ["string", "null"]
    json.dumps(fields)


def test_every_choice_says_what_it_is_in_one_line():
    """A sign-in method's help says on which machine it works."""
    assert all(choice.label and choice.help.endswith(".") for choice in (*CLOUDS, *AUTH_METHODS))
    assert all(
        choice.help.startswith(("Kernel's machine:", "Browser on", "Any browser")) for choice in AUTH_METHODS
    )


def test_the_clouds_and_methods_are_those_that_can_be_used():
    """Every name and other name of a cloud or a method that sign-in knows means the same in the settings."""
    clouds = {word: cloud.name for cloud in catalogue() for word in (cloud.name, *cloud.aliases)}
    methods = {word: method.name for method in METHODS.values() for word in (method.name, *method.aliases)}
    assert clouds == words(CLOUDS)
    assert {word: name for word, name in words(AUTH_METHODS).items() if word in methods} == methods


def test_a_cloud_of_ones_own_can_be_chosen():
    """Its name is taken where the same file defines it, and nowhere else."""
    own = {"custom_clouds": [{"name": "Lab", "authority": "https://login.lab.example"}]}
    assert effective({"Azure": {**own, "cloud": "lab"}}).values["Azure"]["cloud"] == "Lab"
    assert checked({"Azure": {"cloud": "lab"}}, {"Azure": own}) == {"Azure": {"cloud": "Lab"}}
    assert [problem.key for problem in effective({"Azure": {"cloud": "lab"}}).problems] == ["Azure.cloud"]


@pytest.mark.parametrize(
    "cloud",
    [
        "Lab",
        {"authority": "https://a.example"},
        {"name": "gov", "authority": "https://a"},
        {"name": "Lab", "authority": "http://a.example"},
    ],
)
def test_a_cloud_of_ones_own_needs_name_and_address(cloud):
    """A nameless one, one that takes a known cloud's name, and one without https are refused."""
    with pytest.raises(SettingsValueError):
        checked({"Azure": {"custom_clouds": [cloud]}})


def test_workspaces_under_either_name_of_their_section_are_the_same():
    """MSTICPy's first spelling is read; where both are there, the second wins key by key."""
    body = {"Workspaces": {"Soc": {"WorkspaceId": ID, "Args": {"ClientId": "x"}}}}
    for name in ("MSSentinel", "AzureSentinel"):
        assert effective({name: body}).values["MSSentinel"] == body
    assert canonical({"AzureSentinel": {"a": 1, "b": 1}, "MSSentinel": {"a": 2}}) == {
        "MSSentinel": {"a": 2, "b": 1}
    }


def test_a_wrong_key_of_a_workspace_is_named_in_full():
    """The problem's key leads to the very value; a workspace without an id is named too."""
    found = effective({"MSSentinel": {"Workspaces": {"Soc": {"WorkspaceId": "x"}, "Lab": {}}}})
    assert [problem.key for problem in found.problems] == [
        "MSSentinel.Workspaces.Soc.WorkspaceId",
        "MSSentinel.Workspaces.Lab.WorkspaceId",
    ]
    assert found.problems[0].message.endswith(
        "'x' is not an id. Give one such as 11111111-2222-3333-4444-555555555555."
    )


def test_key_vault_keys_are_read_in_any_case():
    """As MSTICPy does; what is shown has the model's spelling."""
    assert effective({"KeyVault": {"vaultname": "soc-vault"}}).values["KeyVault"]["VaultName"] == "soc-vault"


def test_changes_go_to_the_names_that_the_file_has():
    """A file with the first spelling keeps it, and so does a key in lower case."""
    changes = {"MSSentinel": {"Workspaces": {}}, "KeyVault": {"VaultName": "v"}, "Azure": {"cloud": "cn"}}
    data = {"AzureSentinel": {}, "KeyVault": {"vaultname": "w"}}
    assert respelled(changes, data) == {
        "AzureSentinel": {"Workspaces": {}},
        "KeyVault": {"vaultname": "v"},
        "Azure": {"cloud": "cn"},
    }


def test_secrets_are_hidden_in_what_is_shown_and_there_for_the_program():
    """A plain secret of a workspace shows as asterisks; a reference shows as it is."""
    args = {"ClientSecret": "hush", "CertificatePassword": {"EnvironmentVar": "PW"}}
    data = {"MSSentinel": {"Workspaces": {"Soc": {"WorkspaceId": ID, "Args": args}}}}
    shown = effective(data).values["MSSentinel"]["Workspaces"]["Soc"]["Args"]
    assert shown == {"ClientSecret": "********", "CertificatePassword": {"EnvironmentVar": "PW"}}
    assert effective(data, mask=False).values["MSSentinel"]["Workspaces"]["Soc"]["Args"] == args


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "hush",
            f"TI.OTX.AuthKey: a secret does not belong in a settings file. {SECRET_FIX}",
        ),
        (
            "********",
            "TI.OTX.AuthKey: the asterisks stand for a hidden secret. Leave the key out to keep the secret.",
        ),
    ],
)
def test_a_typed_secret_is_not_written(value, message):
    """Neither the secret nor its asterisks reach the file, and the message does not repeat it."""
    with pytest.raises(SettingsValueError) as caught:
        checked({"TI": {"OTX": {"AuthKey": value}}})
    assert str(caught.value) == message
    assert checked({"TI": {"OTX": {"AuthKey": {"EnvironmentVar": "X"}}}})


def test_what_says_where_secrets_go_needs_trust():
    """Clouds, endpoints, authorities and vaults do, and so does what we do not know."""
    assert [needs_trust("Azure", key) for key in ("cloud", "custom_clouds", "tenant_id")] == [True] * 3
    assert [needs_trust("KeyVault", "VaultName"), needs_trust("Splunk", "Args")] == [True, True]
    assert [needs_trust("Azure", "auth_methods"), needs_trust("MSSentinel", "Workspaces")] == [False, False]


def test_versions_of_groups_of_calls_are_texts_by_group():
    """YAML reads an unquoted version as a day or a number; both mean the version."""
    written = {"incidents": dt.date(2023, 11, 1), "key_vault": 7.4, "alert_rules": "2023-12-01-preview"}
    found = effective({"Azure": {"api_versions": written}})
    expected = {"incidents": "2023-11-01", "key_vault": "7.4", "alert_rules": "2023-12-01-preview"}
    assert (found.values["Azure"]["api_versions"], found.problems) == (expected, ())
    assert tuple(API_VERSIONS) == API_GROUPS


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"incident": "2023-11-01"}, "'incident' is not known. Did you mean 'incidents'? It takes: "),
        ({"incidents": "newest"}, "'newest' is not an API version. Give one such as 2023-11-01."),
        (
            "2023-11-01",
            "'2023-11-01' is not a list of versions by group. Give them such as {incidents: 2023-11-01}.",
        ),
    ],
)
def test_a_wrong_version_or_group_is_told(written, told):
    """With what to write instead."""
    (problem,) = effective({"Azure": {"api_versions": written}}).problems
    assert problem.message.startswith(f"Azure.api_versions: {told}")
