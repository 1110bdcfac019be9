"""Claims about what each setting takes."""

from __future__ import annotations

import json

import pytest

from huntbook.errors import SettingsValueError
from huntbook.settings.model import AUTH_METHODS, CLOUDS, checked, effective, json_schema

TENANT_FIX = (
    "Give its id, such as 11111111-2222-3333-4444-555555555555, "
    "or a domain name of it, such as contoso.onmicrosoft.com."
)
METHODS = (
    "'env', 'cli', 'msi', 'interactive', 'devicecode', 'powershell', 'vscode', 'clientsecret', 'certificate'"
)


def test_without_a_file_the_defaults_hold():
    """An empty file means the global cloud, signed in by the Azure CLI, else in a browser."""
    found = effective({})
    assert found.values == {
        "Azure": {"cloud": "global", "auth_methods": ["cli", "interactive"], "tenant_id": None},
    }
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
            "Azure.cloud: 'usgv' is not known. Did you mean 'usgov'? It takes: 'global', 'usgov', 'cn', 'de'.",
        )
    ]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("cloud", 5, "5 is not known. It takes: 'global', 'usgov', 'cn', 'de'."),
        (
            "auth_methods",
            "cli",
            "'cli' is not a list. Give the methods in the order to try, such as [cli, interactive].",
        ),
        ("auth_methods", [], "The list is empty. Give at least one method, such as [cli, interactive]."),
        ("auth_methods", ["cli", "azurecli"], "'cli' stands in the list twice. Give each method once."),
        ("auth_methods", ["mis"], f"'mis' is not known. Did you mean 'msi'? It takes: {METHODS}."),
        ("auth_methods", [None], f"None is not known. It takes: {METHODS}."),
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


def test_the_schema_carries_what_a_form_needs():
    """Each field has title, description and default; choices have label and help; the ordered list says so."""
    fields = json_schema()["properties"]["Azure"]["properties"]
    assert list(fields) == ["cloud", "auth_methods", "tenant_id"]
    assert all({"title", "description", "default", "type"} <= field.keys() for field in fields.values())
    assert [choice["value"] for choice in fields["cloud"]["x-choices"]] == fields["cloud"]["enum"]
    assert fields["auth_methods"]["x-order"] is True
    assert fields["tenant_id"]["type"] == ["string", "null"]
    json.dumps(fields)


def test_every_choice_says_what_it_is_in_one_line():
    """A sign-in method's help says on which machine it works."""
    assert all(choice.label and choice.help.endswith(".") for choice in (*CLOUDS, *AUTH_METHODS))
    assert all(
        choice.help.startswith(("Kernel's machine:", "Browser on", "Your browser")) for choice in AUTH_METHODS
    )
