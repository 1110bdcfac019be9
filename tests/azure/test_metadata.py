from __future__ import annotations

import json

import pytest

from fakecloud import Answer
from huntbook.azure.clouds import Cloud, find_cloud
from huntbook.azure.metadata import parse_metadata, require_safe, require_safe_url
from huntbook.errors import CloudMetadataError, UnsafeEndpointError

ARM = "https://management.lab.example"


def document(**changes):
    """Give the metadata document of an honest custom cloud, with changes."""
    return {
        "name": "LabCloud",
        "portal": "https://portal.lab.example/",
        "authentication": {
            "loginEndpoint": "https://login.lab.example/",
            "audiences": [f"{ARM}/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "resourceManager": f"{ARM}/",
        "microsoftGraphResourceId": "https://graph.lab.example/",
        "logAnalyticsResourceId": "https://api.loganalytics.lab.example",
        "suffixes": {"keyVaultDns": ".vault.lab.example", "storage": "core.lab.example"},
        **changes,
    }


def read(**changes):
    """Parse and judge a changed document, as the reader does."""
    return require_safe(parse_metadata(document(**changes), url=ARM))


def login(endpoint="https://login.lab.example", audiences=(ARM,)):
    return {"loginEndpoint": endpoint, "audiences": list(audiences)}


def test_slashes_and_leading_dots_are_normalised():
    """A doubled slash would give another audience, so every address loses its last one."""
    cloud = read()
    assert cloud.resource_manager_scope == f"{ARM}/.default"
    assert (cloud.key_vault_suffix, cloud.storage_suffix) == ("vault.lab.example", "core.lab.example")
    assert cloud.log_analytics == "https://api.loganalytics.lab.example"
    assert cloud.status == "custom"


def test_a_list_is_searched_for_the_host_that_was_asked():
    """The list shape of 2019 holds many clouds; only the asked one counts."""
    other = document(resourceManager="https://management.other.example", name="Other")
    assert parse_metadata([other, document()], url=ARM).name == "LabCloud"


def test_a_document_speaks_only_for_its_own_host():
    """A document that names another Resource Manager is refused, and the message names it."""
    with pytest.raises(
        CloudMetadataError, match=r"speaks for management\.azure\.com and not for management\.lab\.example"
    ):
        parse_metadata(document(resourceManager="https://management.azure.com/"), url=ARM)


def test_the_oldest_shape_derives_the_suffixes():
    """Azure Stack Hub names no suffixes: they follow the domain of its Resource Manager."""
    stack = {
        "galleryEndpoint": "https://gallery.lab.example:30016/",
        "portalEndpoint": "https://portal.lab.example/",
        "authentication": {"loginEndpoint": "https://adfs.lab.example/adfs", "audiences": [f"{ARM}/0000"]},
    }
    cloud = require_safe(parse_metadata(stack, url=ARM))
    assert (cloud.authority, cloud.tenant) == ("https://adfs.lab.example", "adfs")
    assert (cloud.key_vault_suffix, cloud.storage_suffix) == ("vault.lab.example", "lab.example")
    assert cloud.log_analytics == ""


def test_an_azure_stack_that_signs_in_with_the_public_login_is_allowed():
    """Azure Stack Hub on Entra ID has the public login host and an audience in the user's own tenant."""
    cloud = read(
        authentication=login(
            "https://login.microsoftonline.com/", ["https://management.contoso.onmicrosoft.com/7a1"]
        ),
        microsoftGraphResourceId="https://graph.microsoft.com/",
    )
    assert cloud.resource_manager_scope == "https://management.contoso.onmicrosoft.com/7a1/.default"


@pytest.mark.parametrize(
    ("changes", "host"),
    [
        # The classic theft: the public login gives a token for the public Resource Manager to another host.
        (
            {"authentication": login("https://login.microsoftonline.com", ["https://management.azure.com"])},
            "management.azure.com",
        ),
        (
            {"authentication": login("https://login.microsoftonline.com", ["https://outlook.office.com"])},
            "outlook.office.com",
        ),
        (
            {"authentication": login(audiences=["https://management.core.windows.net"])},
            "management.core.windows.net",
        ),
        ({"logAnalyticsResourceId": "https://api.loganalytics.io"}, "api.loganalytics.io"),
        ({"suffixes": {"keyVaultDns": "vault.azure.net"}}, "vault.azure.net"),
        ({"suffixes": {"keyVaultDns": "azure.net@evil.example"}}, "azure.net@evil.example"),
        ({"microsoftGraphResourceId": "https://graph.microsoft.us"}, "graph.microsoft.us"),
        ({"authentication": login("http://login.lab.example")}, "http://login.lab.example"),
        ({"authentication": login("https://169.254.169.254")}, "169.254.169.254"),
    ],
)
def test_hostile_documents_are_refused_and_the_host_is_named(changes, host):
    """A token's audience must belong to the host that gets it, and clouds never mix."""
    with pytest.raises(UnsafeEndpointError) as caught:
        read(**changes)
    assert host in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://management.lab.example",
        "ftp://management.lab.example",
        "https://user:pw@management.lab.example",
        "https://lab.example\\@evil.example",
        "https://127.0.0.1",
        "https://[::1]",
        "https://2130706433",
        "https://0x7f.1",
        "https://169.254.169.254/metadata",
        "https://localhost",
        "https://a.localhost",
        "https://intranet",
        "https://metadata.google.internal",
        "https://",
        "management.lab.example",
    ],
)
def test_only_https_addresses_of_public_names_are_taken(url):
    """Addresses of this machine, of its network and of its cloud's metadata service are refused."""
    with pytest.raises(UnsafeEndpointError, match="is refused"):
        require_safe_url(url, field="url")


def test_a_refused_address_says_why_and_what_to_give():
    """The whole sentence is held here."""
    with pytest.raises(UnsafeEndpointError) as caught:
        Cloud.from_metadata("https://10.0.0.4/")
    assert str(caught.value) == (
        "url='https://10.0.0.4/' is refused: it names an IP address and no host. Give the https address of a host "
        "name, such as 'https://management.example.org'."
    )


def test_mixing_a_known_cloud_into_an_own_one_says_which_cloud():
    """The message tells the user which cloud the foreign host belongs to."""
    with pytest.raises(UnsafeEndpointError) as caught:
        Cloud.from_mapping(
            {
                "name": "ours",
                "authority": "https://login.lab.example",
                "log_analytics": "https://api.loganalytics.us",
            }
        )
    assert str(caught.value) == (
        "log_analytics='https://api.loganalytics.us' is refused in cloud 'ours': the host belongs to cloud 'usgov', "
        "and a cloud of your own must not mix with it. To use that cloud, set Azure.cloud to 'usgov'."
    )


@pytest.mark.parametrize("name", ["usgov", "AzureCloud", "Fairfax"])
def test_shipped_names_can_not_be_taken(name):
    """A settings file can't give a shipped name to other hosts."""
    with pytest.raises(UnsafeEndpointError, match="can't name a cloud of your own"):
        Cloud.from_mapping({"name": name, "authority": "https://login.lab.example"})


@pytest.mark.parametrize(
    "values", [{"name": "x"}, {"name": "x", "authority": "https://a.example", "colour": "red"}]
)
def test_a_definition_with_missing_or_unknown_fields_is_refused(values):
    """The message lists what is missing and what is unknown."""
    with pytest.raises(UnsafeEndpointError, match=r"missing: authority|unknown: colour"):
        Cloud.from_mapping(values)


def test_a_known_resource_manager_is_the_catalogues_own_entry():
    """Asking a shipped cloud's address needs no network: the catalogue knows it."""
    assert Cloud.from_metadata("https://management.usgovcloudapi.net/") is find_cloud("usgov")


@pytest.mark.parametrize("broken", [[], {}, "text", {"resourceManager": ARM}, None])
def test_a_document_of_another_shape_is_an_error(broken):
    """Junk never becomes a cloud."""
    with pytest.raises(CloudMetadataError):
        parse_metadata(broken, url=ARM)


def test_the_document_is_fetched_once_and_without_a_token(azure):
    """Reading a custom cloud sends one bare request to its Resource Manager."""
    cloud = Cloud.from_metadata("https://management.lab.example/", name="our lab")
    assert (cloud.name, cloud.authority) == ("our lab", "https://login.lab.example")
    assert [str(request) for request in azure["lab"].requests] == [
        "GET management.lab.example/metadata/endpoints"
    ]
    assert "Authorization" not in azure["lab"].requests[0].headers


def test_a_password_in_netrc_stays_home(azure, bare_machine):
    """What ~/.netrc holds for the host is not sent to it."""
    netrc = bare_machine / ".netrc"
    netrc.write_text("machine management.lab.example login me password pw-netrc\n", encoding="utf-8")
    netrc.chmod(0o600)
    Cloud.from_metadata("https://management.lab.example")
    assert "Authorization" not in azure["lab"].requests[0].headers


def test_a_redirected_document_is_refused_by_name(azure):
    """A server can't send the reader to another address."""
    headers = {"Location": "https://management.azure.com/metadata/endpoints"}
    azure["lab"].fault("/metadata/endpoints", Answer(status=302, headers=headers))
    with pytest.raises(UnsafeEndpointError, match=r"sends the reader on to 'management\.azure\.com'"):
        Cloud.from_metadata("https://management.lab.example")
    assert azure.others("lab") == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(status=503), "the answer was HTTP 503"),
        (Answer(body=b"<html>"), "the answer is no JSON"),
        (Answer(body=b"[" + b" " * 1_000_001), "the answer is longer than 1000000 bytes"),
        (Answer(cut=True), "ConnectionError while connecting"),
    ],
)
def test_a_missing_document_is_an_error_and_never_another_cloud(answer, reason, azure):
    """Whatever goes wrong, no default takes the cloud's place."""
    azure["lab"].fault("/metadata/endpoints", answer, times=9)
    with pytest.raises(CloudMetadataError) as caught:
        Cloud.from_metadata("https://management.lab.example")
    assert str(caught.value) == (
        f"No metadata document at https://management.lab.example/metadata/endpoints: {reason}. Check that the address "
        "is the one of Azure Resource Manager and that this machine reaches it."
    )


def test_a_stack_that_knows_only_the_oldest_version_is_read(azure):
    """Where the new version is refused the oldest is asked for; a byte order mark does not matter."""
    stack = {"portalEndpoint": "https://portal.lab.example/", "authentication": login(audiences=[f"{ARM}/x"])}
    azure["lab"].fault("/metadata/endpoints", Answer(status=400))
    azure["lab"].fault("/metadata/endpoints", Answer(body=b"\xef\xbb\xbf" + json.dumps(stack).encode()))
    assert Cloud.from_metadata(ARM).key_vault_suffix == "vault.lab.example"
    assert [request.query["api-version"] for request in azure["lab"].requests] == ["2022-09-01", "2015-01-01"]
