from __future__ import annotations

import subprocess
import sys

import pytest
from azure.core import AzureClouds
from azure.mgmt.core.tools import get_arm_endpoints

from huntbook.azure.clouds import Cloud, catalogue, find_cloud, owner_of
from huntbook.azure.metadata import parse_metadata
from huntbook.errors import (
    ComponentUnavailableError,
    ForeignHostError,
    UnknownCloudError,
    UnsafeEndpointError,
)

SDK_NAMES = {
    "global": AzureClouds.AZURE_PUBLIC_CLOUD,
    "usgov": AzureClouds.AZURE_US_GOVERNMENT,
    "cn": AzureClouds.AZURE_CHINA_CLOUD,
}
# What the recorded documents and the SDKs can't know, or what ours says on purpose.
OWN_WORDS = {"name", "title", "status", "source", "checked", "resource_manager_scope"}


@pytest.mark.parametrize("name", SDK_NAMES)
def test_resource_manager_and_its_scope_are_those_of_the_microsoft_library(name):
    """The catalogue's Resource Manager and scope are what azure-mgmt-core uses."""
    expected = get_arm_endpoints(SDK_NAMES[name])
    cloud = find_cloud(name)
    assert f"{cloud.resource_manager}/" == expected["resource_manager"]
    assert [cloud.scope("resource_manager")] == expected["credential_scopes"]


@pytest.mark.parametrize("name", SDK_NAMES)
def test_the_catalogue_says_what_the_recorded_metadata_documents_say(name, example):
    """Every field that Azure's own metadata document has is the same in the catalogue."""
    cloud = find_cloud(name)
    recorded = parse_metadata(
        example(f"arm-metadata/endpoints-2023-01-01-{name}.json"), url=cloud.resource_manager
    )
    for field in sorted(set(recorded.to_mapping()) - OWN_WORDS):
        assert getattr(cloud, field) == getattr(recorded, field), field
    assert cloud.resource_manager_scope.removesuffix("/.default") in recorded.resource_manager_audiences


def test_every_entry_names_its_source_and_its_date():
    """No value in the catalogue is without a source and the day it was compared."""
    for cloud in catalogue():
        assert len(cloud.source) > 10, cloud.name
        assert cloud.checked.startswith("2026-"), cloud.name


def test_no_name_means_two_clouds():
    """Names, aliases and the Azure CLI's names are unique across the catalogue."""
    names = [
        each.lower() for cloud in catalogue() for each in {cloud.name, cloud.arm_name, *cloud.aliases} if each
    ]
    # An arm_name may repeat as an alias of the same cloud in another case.
    owners = {(each, find_cloud(each).name) for each in names}
    assert len(owners) == len(set(names))


def test_no_host_belongs_to_two_clouds():
    """Each service host has one owner, so a foreign host is always recognised."""
    seen: dict[str, str] = {}
    for cloud in catalogue():
        for host in cloud.hosts:
            assert seen.setdefault(host, cloud.name) == cloud.name
            assert owner_of(host) == cloud


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("AzureUSGovernment", "usgov"),
        (" CHINA ", "cn"),
        ("public", "global"),
        ("germany", "de"),
        ("FR", "bleu"),
    ],
)
def test_aliases_lead_to_their_cloud(word, name):
    """The names of the Azure CLI, MSTICPy and older tools all lead to one cloud, in any case."""
    assert find_cloud(word).name == name


def test_an_unknown_name_is_an_error_that_lists_the_known_and_the_nearest():
    """A misspelt cloud never becomes another cloud."""
    with pytest.raises(UnknownCloudError) as caught:
        find_cloud("usgv")
    assert str(caught.value) == (
        "cloud='usgv' is not known. Did you mean 'usgov'? Known clouds: 'global', 'usgov', 'cn', 'de', 'bleu', "
        "'delos', 'sg', 'usnat', 'ussec'. For any other, read it once from its Azure Resource Manager: "
        "Cloud.from_metadata(url)."
    )


@pytest.mark.parametrize("name", ["", "  ", "none", "default", "global2"])
def test_an_empty_or_strange_name_is_an_error_too(name):
    """Nothing falls through to the public cloud."""
    with pytest.raises(UnknownCloudError):
        find_cloud(name)


def test_germany_keeps_its_own_hosts_and_is_labelled_retired():
    """The closed German cloud is accepted, never replaced, and says what to do."""
    cloud = find_cloud("de")
    assert (cloud.status, cloud.authority) == ("retired", "https://login.microsoftonline.de")
    assert {owner_of(host).name for host in cloud.hosts} == {"de"}
    assert "closed on 2021-10-29" in cloud.advice


def test_a_blank_field_makes_its_component_unavailable():
    """Germany never had a Log Analytics host in any table: the error says so and what to do."""
    with pytest.raises(ComponentUnavailableError) as caught:
        find_cloud("bleu").scope("log_analytics")
    assert str(caught.value) == (
        "Log Analytics: not available in cloud 'bleu', which names no log_analytics. "
        "If your cloud has it, define a cloud of your own that sets 'log_analytics'."
    )
    with pytest.raises(ComponentUnavailableError, match="closed on 2021-10-29"):
        find_cloud("de").endpoint("log_analytics")


def test_scopes_follow_the_cloud():
    """Each component's token is asked for in the cloud's own audience."""
    cloud = find_cloud("cn")
    assert {component: cloud.scope(component) for component in ("log_analytics", "key_vault", "graph")} == {
        "log_analytics": "https://api.loganalytics.azure.cn/.default",
        "key_vault": "https://vault.azure.cn/.default",
        "graph": "https://microsoftgraph.chinacloudapi.cn/.default",
    }


def test_a_vault_is_named_or_addressed_inside_the_cloud():
    """A vault's name gets the cloud's suffix; its address must bear it."""
    cloud = find_cloud("usgov")
    assert cloud.vault_url("contoso-keys") == "https://contoso-keys.vault.usgovcloudapi.net"
    assert (
        cloud.vault_url("https://Contoso.vault.usgovcloudapi.net/")
        == "https://contoso.vault.usgovcloudapi.net"
    )
    with pytest.raises(ForeignHostError, match=r"'contoso\.vault\.azure\.net' in cloud 'usgov'"):
        cloud.vault_url("https://contoso.vault.azure.net")
    with pytest.raises(UnsafeEndpointError, match="3 to 24 letters"):
        cloud.vault_url("a b")


@pytest.mark.parametrize(
    "url",
    [
        "http://management.azure.com/x",
        "https://management.usgovcloudapi.net/x",
        "https://management.azure.com@evil.example/x",
        "https://management.azure.com.evil.example/x",
        "https://evil.example\\@management.azure.com/x",
        "https://management.azure.com:8443/x",
        "https://avault.azure.net/secrets",
        "file:///etc/passwd",
        "",
    ],
)
def test_the_guard_lets_nothing_but_https_to_own_hosts_pass(url):
    """Other schemes, other clouds, look-alikes, user information and other ports are refused."""
    with pytest.raises(ForeignHostError):
        find_cloud("global").require_own(url)


@pytest.mark.parametrize(
    "url",
    ["https://MANAGEMENT.azure.com:443/x", "https://api.loganalytics.io/v1", "https://a.vault.azure.net/"],
)
def test_the_guard_lets_own_hosts_pass(url):
    """Case and the default port do not matter."""
    find_cloud("global").require_own(url)


def test_a_refusal_names_the_host_the_cloud_and_the_setting():
    """The user learns what was refused, that no token left, and where to look."""
    with pytest.raises(ForeignHostError) as caught:
        find_cloud("usgov").require_own("https://management.azure.com/subscriptions")
    assert str(caught.value) == (
        "Refused a request to 'management.azure.com' in cloud 'usgov': it is not a host of this cloud, so no token "
        "was sent. If the host belongs to your cloud, check Azure.cloud in the settings."
    )
    assert caught.value.host == "management.azure.com"


def test_a_cloud_survives_the_way_through_a_settings_file():
    """What from_metadata gives can be stored as plain values and read back unchanged."""
    cloud = Cloud(
        name="lab",
        title="lab",
        status="custom",
        source="settings",
        authority="https://login.lab.example",
        resource_manager="https://management.lab.example",
        resource_manager_scope="https://management.lab.example/.default",
        resource_manager_audiences=("https://management.lab.example",),
    )
    assert Cloud.from_mapping(cloud.to_mapping()) == cloud


def test_custom_clouds_are_found_beside_the_shipped_ones():
    """A user's cloud is found by its name and is part of the list in the error."""
    own = Cloud(
        name="lab",
        title="Lab",
        status="custom",
        authority="https://login.lab.example",
        aliases=("laboratory",),
    )
    assert find_cloud("Laboratory", custom=[own]) is own
    with pytest.raises(UnknownCloudError, match="'ussec', 'lab'"):
        find_cloud("nowhere", custom=[own])


def test_the_catalogue_loads_without_the_azure_libraries():
    """The Jupyter server may read the clouds where azure-identity is missing."""
    code = (
        "import sys\n"
        "sys.modules.update({name: None for name in ('azure', 'msal', 'requests', 'ipywidgets', 'pandas')})\n"
        "from huntbook.azure import catalogue\n"
        "print(len(catalogue()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(catalogue())
