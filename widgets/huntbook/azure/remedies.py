"""From the words of Entra ID and of Azure's services to what a person does about them."""

from __future__ import annotations

import re

__all__ = ["first_line", "service_remedy", "sign_in_remedy"]

_MAX_LINE = 240
# Beside the error's number: what to do, with {cloud} and {command} filled in.
_SIGN_IN = {
    50020: "the account is a guest: set Azure.tenant_id to the tenant of the workspace",
    50034: "the account is not in this tenant: check Azure.tenant_id and that the cloud is {cloud}",
    50076: "the tenant wants a second factor: {command}",
    50079: "the tenant wants a second factor: {command}",
    50097: "the tenant wants a registered device, so it forbids device codes: use 'interactive' on your own machine",
    50173: "the sign-in was revoked: {command}",
    53000: "the tenant wants a compliant device: sign in on one, or ask its administrator",
    53003: "Conditional Access forbids it: use another method, such as 'interactive' on a managed machine",
    65001: "the application lacks consent: ask the tenant's administrator, or set Azure.client_id",
    70016: "nobody typed the code in time: run the cell again",
    70018: "the person declined: run the cell again",
    70043: "the sign-in is too old: {command}",
    70044: "the sign-in is too old: {command}",
    90002: "the tenant does not exist in cloud {cloud}: check Azure.tenant_id and Azure.cloud",
    90038: "the account belongs to another cloud than {cloud}: check Azure.cloud",
    500011: "the account's cloud or tenant does not know this service: check that it is signed in to cloud {cloud}",
    500113: "the application lacks the redirect address http://localhost: set Azure.client_id to one that has it",
    530035: "the tenant's security defaults forbid it: use another method",
    700016: "the application is not in this tenant: check client_id, Azure.tenant_id and that the cloud is {cloud}",
    700027: "the certificate is not the application's: check certificate_path and client_id",
    700082: "the sign-in is too old: {command}",
    900382: "the account belongs to another cloud than {cloud}: check Azure.cloud",
    7000215: "the client secret is wrong: give its value, not its id",
    7000222: "the client secret has expired: make a new one",
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
