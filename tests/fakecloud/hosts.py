"""The hosts and audiences of each cloud, typed by hand from Microsoft's documents.

On purpose not read from huntbook's catalogue: a slip there must show here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Hosts:
    """One cloud as its servers know it."""

    name: str
    arm_name: str
    login: str
    login_aliases: tuple[str, ...] = ()
    arm: str
    arm_audiences: tuple[str, ...]
    log_analytics: str = ""
    key_vault: str
    graph: str
    tenant: str

    @property
    def exact(self) -> tuple[str, ...]:
        """Return every host but the vaults'."""
        every = (self.login, *self.login_aliases, self.arm, self.log_analytics, self.graph)
        return tuple(host for host in every if host)

    @property
    def audiences(self) -> frozenset[str]:
        """Return every audience that this cloud's Entra ID knows."""
        services = (self.log_analytics, self.key_vault, self.graph, self.arm)
        return frozenset({*self.arm_audiences, *(f"https://{host}" for host in services if host)})


HOSTS = {
    hosts.name: hosts
    for hosts in (
        Hosts(
            name="global",
            arm_name="AzureCloud",
            login="login.microsoftonline.com",
            login_aliases=("login.windows.net",),
            arm="management.azure.com",
            arm_audiences=("https://management.core.windows.net", "https://management.azure.com"),
            log_analytics="api.loganalytics.io",
            key_vault="vault.azure.net",
            graph="graph.microsoft.com",
            tenant="00000001-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
        ),
        Hosts(
            name="usgov",
            arm_name="AzureUSGovernment",
            login="login.microsoftonline.us",
            arm="management.usgovcloudapi.net",
            arm_audiences=(
                "https://management.core.usgovcloudapi.net",
                "https://management.usgovcloudapi.net",
            ),
            log_analytics="api.loganalytics.us",
            key_vault="vault.usgovcloudapi.net",
            graph="graph.microsoft.us",
            tenant="00000002-bbbb-4bbb-8bbb-bbbbbbbbbbbb",
        ),
        Hosts(
            name="cn",
            arm_name="AzureChinaCloud",
            login="login.chinacloudapi.cn",
            login_aliases=("login.partner.microsoftonline.cn",),
            arm="management.chinacloudapi.cn",
            arm_audiences=("https://management.core.chinacloudapi.cn", "https://management.chinacloudapi.cn"),
            log_analytics="api.loganalytics.azure.cn",
            key_vault="vault.azure.cn",
            graph="microsoftgraph.chinacloudapi.cn",
            tenant="00000003-cccc-4ccc-8ccc-cccccccccccc",
        ),
        Hosts(
            name="de",
            arm_name="AzureGermanCloud",
            login="login.microsoftonline.de",
            arm="management.microsoftazure.de",
            arm_audiences=("https://management.core.cloudapi.de", "https://management.microsoftazure.de"),
            key_vault="vault.microsoftazure.de",
            graph="graph.microsoft.de",
            tenant="00000004-dddd-4ddd-8ddd-dddddddddddd",
        ),
        Hosts(
            name="lab",
            arm_name="LabCloud",
            login="login.lab.example",
            arm="management.lab.example",
            arm_audiences=("https://management.lab.example",),
            log_analytics="api.loganalytics.lab.example",
            key_vault="vault.lab.example",
            graph="graph.lab.example",
            tenant="00000005-eeee-4eee-8eee-eeeeeeeeeeee",
        ),
    )
}
