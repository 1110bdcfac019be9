from __future__ import annotations

import re

import pytest

from huntbook.azure.clouds import catalogue, find_cloud
from huntbook.azure.method_checks import SignInOptions
from huntbook.azure.methods import METHODS, method_names, method_order
from huntbook.azure.remedies import _SIGN_IN, sign_in_remedy
from huntbook.errors import OptionError


def cells(line):
    """Return the cells of one row of a Markdown table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def test_the_page_on_clouds_lists_every_cloud_and_its_hosts(repository):
    """The documentation's table of clouds is the catalogue's."""
    text = (repository / "docs" / "clouds-and-sign-in.md").read_text(encoding="utf-8")
    section = text.partition("## Which cloud\n")[2].partition("###")[0]
    rows = [cells(line) for line in section.splitlines() if re.match(r"\| `[a-z]+` \|", line)]
    assert rows == [
        [
            f"`{cloud.name}`",
            cloud.title,
            cloud.status,
            cloud.authority.removeprefix("https://"),
            cloud.resource_manager.removeprefix("https://") or "-",
            cloud.log_analytics.removeprefix("https://") or "-",
            cloud.key_vault_suffix or "-",
        ]
        for cloud in catalogue()
    ]


def test_the_page_on_clouds_lists_every_method(repository):
    """The documentation's table of methods is what the code says of them, in the same order."""
    text = (repository / "docs" / "clouds-and-sign-in.md").read_text(encoding="utf-8")
    section = text.partition("## Which sign-in")[2]
    rows = [cells(line) for line in section.splitlines() if re.match(r"\| `[a-z]+` \|", line)]
    assert rows == [
        [f"`{method.name}`", method.title, method.needs, place(method), method.use]
        for method in METHODS.values()
    ]


def place(method):
    return "the kernel's machine" if method.machine == "kernel" else "any machine with a browser"


def test_the_page_on_failures_has_every_error_number_and_its_remedy(repository):
    """Whoever searches the page for an AADSTS number finds what the code would advise."""
    text = (repository / "docs" / "when-sign-in-fails.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| AADSTS(\d+) \| (.*?) \|$", text, flags=re.MULTILINE))
    assert {int(number): remedy for number, remedy in rows.items()} == {
        number: remedy.format(cloud="X", command="sign in again") for number, remedy in _SIGN_IN.items()
    }


@pytest.mark.parametrize("number", sorted(_SIGN_IN))
def test_every_error_number_has_a_remedy_without_gaps(number):
    """The remedy names the cloud and the method's own command."""
    text = sign_in_remedy("cli", f"AADSTS{number}: something", cloud="usgov")
    assert "{" not in text
    assert text == _SIGN_IN[number].format(cloud="usgov", command='run "az login" on the kernel\'s machine')


@pytest.mark.parametrize("name", METHODS)
def test_a_failure_without_a_known_number_has_a_remedy_too(name):
    """No method leaves the user without a next step."""
    assert len(sign_in_remedy(name, "something else", cloud="usgov")) > 10


def test_aliases_lead_to_one_name_each():
    """No word means two methods."""
    words = [word for method in METHODS.values() for word in (method.name, *method.aliases)]
    assert len(words) == len(set(words))
    assert method_names(["AZ", "Managed_Identity", "msi", " device "]) == ("cli", "msi", "devicecode")


def test_no_methods_at_all_is_an_error():
    """An empty list is told with an example."""
    with pytest.raises(OptionError, match=r"such as \['cli', 'devicecode'\]"):
        method_names([])


@pytest.mark.parametrize(
    ("asked", "tried"),
    [
        (["interactive"], ("devicecode",)),
        (["cli", "interactive", "devicecode"], ("cli", "devicecode")),
        (["devicecode", "interactive"], ("devicecode",)),
        (["cli"], ("cli",)),
    ],
)
def test_without_a_browser_device_code_comes_once_and_in_its_place(asked, tried, bare_machine):
    """The order stays, and nobody is asked twice."""
    assert method_order(asked)[0] == tried


def test_what_is_given_to_the_methods_hides_its_secrets():
    """The options may be shown: secrets are not in their text."""
    options = SignInOptions(
        cloud=find_cloud("usgov"), client_secret="s3cret-a", certificate_password="s3cret-b"
    )
    assert "s3cret" not in repr(options)


def test_powershell_of_another_cloud_is_noticed(azure, bare_machine):
    """Azure PowerShell's saved context tells its cloud."""
    azure.write_program("pwsh")
    (bare_machine / ".Azure").mkdir()
    text = '{"DefaultContextKey": "k", "Contexts": {"k": {"Environment": {"Name": "AzureChinaCloud"}}}}'
    (bare_machine / ".Azure" / "AzureRmContext.json").write_text(text, encoding="utf-8-sig")
    verdict = METHODS["powershell"].foresee(SignInOptions(cloud=find_cloud("usgov")))
    assert verdict.outcome == "unavailable"
    assert verdict.remedy == 'run "Connect-AzAccount -Environment AzureUSGovernment" on the kernel\'s machine'
    assert METHODS["powershell"].foresee(SignInOptions(cloud=find_cloud("cn"))).outcome == "ready"
