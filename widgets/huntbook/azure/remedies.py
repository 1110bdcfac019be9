"""From the words of Entra ID and of Azure's services to what a person does about them."""

from __future__ import annotations

import re

__all__ = ["first_line", "service_remedy", "sign_in_remedy"]

_MAX_LINE = 240
# Beside the error's number: what to do, with {cloud} and {command} filled in.
_SIGN_IN = {
    50020: "set Azure.tenant_id to the tenant of the workspace, where the account is a guest",
    50034: "check Azure.tenant_id, and that the account belongs to cloud {cloud}",
    50076: "{command} and complete the second factor",
    50079: "{command} and complete the second factor",
    50097: "use 'interactive' on a registered machine of your own: the tenant forbids device codes",
    50173: "{command}",
    53000: "sign in on a machine that the tenant manages, or ask its administrator",
    53003: "use another method, such as 'interactive' on a machine that the tenant manages",
    65001: "ask the tenant's administrator for consent, or set Azure.client_id to an application that has it",
    70016: "run the cell again and type the code in time",
    70018: "run the cell again and accept",
    70043: "{command}",
    70044: "{command}",
    90002: "check Azure.tenant_id, and that the tenant is in cloud {cloud}",
    90038: "check Azure.cloud: the account belongs to another cloud than {cloud}",
    500011: "check that the account is signed in to cloud {cloud}, and in the right tenant",
    500113: "set Azure.client_id to an application that has the redirect address http://localhost",
    530035: "use another method: the tenant's security defaults forbid this one",
    700016: "check client_id and Azure.tenant_id, and that the application is in cloud {cloud}",
    700027: "check that certificate_path is a certificate of the application client_id",
    700082: "{command}",
    900382: "check Azure.cloud: the account belongs to another cloud than {cloud}",
    7000215: "give the secret's value, not its id",
    7000222: "make a new secret: this one has expired",
}
_COMMANDS = {
    "cli": 'run "az login" on the kernel\'s machine',
    "powershell": 'run "Connect-AzAccount" on the kernel\'s machine',
}
_DEFAULT = {
    "env": "check the variables AZURE_* of the kernel",
    "cli": 'run "az login" on the kernel\'s machine',
    "msi": "check that the machine has an identity, and Azure.client_id if it has several",
    "interactive": "run the cell again, or use 'devicecode'",
    "devicecode": "run the cell again",
    "clientsecret": "check tenant_id, client_id and client_secret",
    "certificate": "check tenant_id, client_id and certificate_path",
    "powershell": 'run "Connect-AzAccount" on the kernel\'s machine',
    "vscode": "sign in to Azure in VS Code",
    "workload": "check the pod's workload identity",
}
_SERVICE = {
    "InvalidAuthenticationTokenAudience": "The token was for another service: check Azure.cloud with huntbook.check().",
    "InvalidAuthenticationTokenTenant": "The resource is in another tenant: set Azure.tenant_id to it.",
    "ExpiredAuthenticationToken": "Check this machine's clock, then call session.reset_sign_in().",
    "AuthorizationFailed": "Ask for a role there, such as Reader or Microsoft Sentinel Reader.",
    "InsufficientAccessError": "Ask for a role on the workspace, such as Log Analytics Reader.",
    "Forbidden": "Ask for access there, such as the role Key Vault Secrets User.",
    "SubscriptionNotFound": "Check the subscription's id, and that the account's tenant and cloud are right.",
}
_STATUS = {
    401: "Check which account signed in with huntbook.check(sign_in=True).",
    403: "The account lacks a role there: ask for one.",
    404: "Check the name and the workspace, subscription or vault.",
    409: "It changed since it was read, or the name is taken: read it again and repeat.",
    412: "It changed since it was read: read it again and repeat.",
    429: "The service asks to slow down: wait and try again.",
}
_TOO_LONG = 500


def first_line(text: str) -> str:
    """Return the first line of a foreign message, short, without ids of traces and without tokens."""
    line = next((line.strip() for line in str(text).splitlines() if line.strip()), "no reason given")
    line = re.sub(r"\s*\(?(Trace ID|Correlation ID|Timestamp)\b.*", "", line)
    line = re.sub(r"\beyJ[\w-]*(\.[\w-]*)*", "[token]", line)
    line = re.sub(
        r"(?i)((access|refresh|id)_?token|client_?secret|password)(\W{1,4})[^\s\"',]+", r"\1\3[hidden]", line
    )
    line = re.sub(r"\s*(To mitigate|Visit|See) .*https?://\S+.*", "", line)
    line = line.removeprefix("Authentication failed: ").removeprefix("ERROR: ").rstrip(" .'")
    return line if len(line) <= _MAX_LINE else f"{line[:_MAX_LINE]}..."


def sign_in_remedy(method: str, text: str, *, cloud: str) -> str:
    """Return what to do about a method's failure."""
    command = _COMMANDS.get(method, "sign in again")
    number = re.search(r"AADSTS(\d+)", text)
    known = _SIGN_IN.get(int(number[1])) if number else None
    if known is None and "not configured to acquire tokens for tenant" in text:
        known = "the vault is in another tenant: give it to connect(allowed_tenants=[...])"
    return known.format(cloud=cloud, command=command) if known else _DEFAULT[method]


def service_remedy(status: int, code: str) -> str:
    """Return what to do about a service's refusal."""
    if status >= _TOO_LONG:
        return "The service failed, also after retries: try again later."
    return _SERVICE.get(code) or _STATUS.get(status) or "Check the request."
