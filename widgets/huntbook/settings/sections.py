"""The sections of the settings file that huntbook knows, key by key."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationInfo

from huntbook.errors import listed, nearest
from huntbook.settings.choices import API_GROUPS, AUTH_METHODS, CLOUDS, Choice, words

__all__ = ["SECTIONS", "AzureSettings", "KeyVaultSettings", "SentinelSettings", "Workspace", "shown"]

_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DOMAIN: Final = re.compile(
    r"(?=.{4,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9.-]+(:\d{1,5})?(/[\x21-\x7e]*)?")
_VAULT: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]")
_API_VERSION: Final = re.compile(r"\d{4}-\d{2}-\d{2}(-preview)?|\d\.\d(-preview\.\d)?")
_MAX_SHOWN: Final = 60
_EXAMPLE: Final = "11111111-2222-3333-4444-555555555555"
# What follows the refused value in a message, here and in an editor that checks while somebody types.
_NO_ID: Final = f"is not an id. Give one such as {_EXAMPLE}."
_NO_TENANT: Final = f"is not a tenant. Give its id, such as {_EXAMPLE}, or a domain name of it, such as contoso.onmicrosoft.com."
_NO_ADDRESS: Final = "is not an address. Give one that begins with https://."
_NO_VAULT: Final = "is not a vault's name. Give 3 to 24 letters, digits and hyphens, without an address."


def shown(value: object) -> str:
    """Return a value for a message, cut where it is long."""
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "..."


def _word(value: object, known: dict[str, str]) -> str:
    """Return the word of the file for a choice or one of its other names."""
    found = known.get(value.strip().lower()) if isinstance(value, str) else None
    if found is not None:
        return found
    near = nearest(value, known) if isinstance(value, str) else None
    hint = f" Did you mean {known[near]!r}?" if near else ""
    raise ValueError(f"{shown(value)} is not known.{hint} It takes: {listed(dict.fromkeys(known.values()))}.")


def _cloud(value: object, info: ValidationInfo) -> str:
    custom = (info.context or {}).get("clouds", ())
    return _word(value, {**{name.lower(): name for name in custom}, **words(CLOUDS)})


def _auth_methods(value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError(  # noqa: TRY004 - pydantic collects ValueError only
            f"{shown(value)} is not a list. Give the methods in the order to try, such as [cli, interactive]."
        )
    methods = [_word(item, words(AUTH_METHODS)) for item in value]
    if not methods:
        raise ValueError("The list is empty. Give at least one method, such as [cli, interactive].")
    twice = next((word for index, word in enumerate(methods) if word in methods[:index]), None)
    if twice is not None:
        raise ValueError(f"{twice!r} stands in the list twice. Give each method once.")
    return methods


def _empty(value: object) -> bool:
    return value is None or value == ""


def _guid(value: object) -> str | None:
    if _empty(value):
        return None
    if isinstance(value, str) and _GUID.fullmatch(value.strip()):
        return value.strip()
    raise ValueError(f"{shown(value)} {_NO_ID}")


def _tenant(value: object) -> str | None:
    if _empty(value):
        return None
    if isinstance(value, str) and (_GUID.fullmatch(value.strip()) or _DOMAIN.fullmatch(value.strip())):
        return value.strip()
    raise ValueError(f"{shown(value)} {_NO_TENANT}")


def _text(value: object) -> str | None:
    if _empty(value):
        return None
    if isinstance(value, str):
        return value
    raise ValueError(f"{shown(value)} is not text.")


def _address(value: object) -> str | None:
    if _empty(value):
        return None
    if isinstance(value, str) and _ADDRESS.fullmatch(value.strip()):
        return value.strip()
    raise ValueError(f"{shown(value)} {_NO_ADDRESS}")


def _vault(value: object) -> str | None:
    if _empty(value):
        return None
    if isinstance(value, str) and _VAULT.fullmatch(value.strip()):
        return value.strip()
    raise ValueError(f"{shown(value)} {_NO_VAULT}")


def _truth(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise ValueError(f"{shown(value)} is neither true nor false.")


def _custom_clouds(value: object) -> list[dict[str, Any]]:
    if value is None:
        return []
    entries: list[Any] = value if isinstance(value, list) else [value]
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not entry["name"].strip():
            raise ValueError(
                f"{shown(entry)} is not a cloud. Give each a name and an authority, or use Cloud.to_mapping()."
            )
        if entry["name"].strip().lower() in words(CLOUDS):
            raise ValueError(f"The cloud {entry['name']!r} is there already. Give yours a name of its own.")
        if _address(entry.get("authority")) is None:
            raise ValueError(
                f"The cloud {entry['name']!r} has no authority. Give the address of its sign-in."
            )
    return entries


def _api_versions(value: object) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(  # noqa: TRY004 - as above
            f"{shown(value)} is not a list of versions by group. Give them such as {{incidents: 2023-11-01}}."
        )
    return {
        _word(group, {name: name for name in API_GROUPS}): _api_version(version)
        for group, version in value.items()
    }


def _api_version(value: object) -> str:
    # YAML reads an unquoted 2023-11-01 as a day and 7.4 as a number.
    text = value.isoformat() if type(value) is dt.date else str(value).strip()
    if _API_VERSION.fullmatch(text):
        return text
    raise ValueError(f"{shown(value)} is not an API version. Give one such as 2023-11-01.")


def _workspaces(value: object) -> object:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{shown(value)} is not a list of workspaces by name.")  # noqa: TRY004 - as above
    return {name: {} if body is None else body for name, body in value.items()}


def _workspace(value: object) -> object:
    if isinstance(value, dict | Workspace):
        return value
    raise ValueError(f"{shown(value)} is not a workspace. Give it keys, such as WorkspaceId.")


def _choices(choices: tuple[Choice, ...]) -> list[JsonValue]:
    return [{"value": choice.value, "label": choice.label, "help": choice.help} for choice in choices]


def _hint(example: str, **more: JsonValue) -> dict[str, JsonValue]:
    return {"x-placeholder": example, **more}


def _form(*patterns: re.Pattern[str], refusal: str) -> dict[str, JsonValue]:
    """Say in the schema what `fullmatch` asks of the value without the blanks around it."""
    either = "|".join(pattern.pattern for pattern in patterns)
    return {"pattern": f"^(?:{either})$", "x-refusal": refusal}


_ID_FORM: Final = _form(_GUID, refusal=_NO_ID)
_TENANT_FORM: Final = _form(_GUID, _DOMAIN, refusal=_NO_TENANT)
_ADDRESS_FORM: Final = _form(_ADDRESS, refusal=_NO_ADDRESS)
_VAULT_FORM: Final = _form(_VAULT, refusal=_NO_VAULT)


# `x-trust`: says where sign-ins and secrets go, so a project's file may set it only once it is trusted.
_TRUST: Final = {"x-trust": True}


class AzureSettings(BaseModel):
    """The section `Azure`: which cloud, and how to sign in to it."""

    model_config = ConfigDict(extra="allow", title="Azure", frozen=True)

    cloud: Annotated[str, BeforeValidator(_cloud)] = Field(
        default="global",
        title="Cloud",
        description="The Azure cloud that every sign-in and every request goes to.",
        json_schema_extra={
            "enum": [choice.value for choice in CLOUDS],
            "x-choices": _choices(CLOUDS),
            **_TRUST,
        },
    )
    auth_methods: Annotated[list[str], BeforeValidator(_auth_methods)] = Field(
        default=["cli", "interactive"],
        title="Sign-in methods",
        description="The ways to sign in, tried in this order until one works.",
        json_schema_extra={
            "items": {"type": "string", "enum": [choice.value for choice in AUTH_METHODS]},
            "minItems": 1,
            "uniqueItems": True,
            "x-choices": _choices(AUTH_METHODS),
            "x-order": True,
        },
    )
    tenant_id: Annotated[str | None, BeforeValidator(_tenant)] = Field(
        default=None,
        title="Tenant",
        description="The tenant's id or one of its domain names; empty for the account's own tenant.",
        json_schema_extra=_hint("contoso.onmicrosoft.com", **_TENANT_FORM, **_TRUST),
    )
    client_id: Annotated[str | None, BeforeValidator(_guid)] = Field(
        default=None,
        title="Application",
        description="The id of the application or managed identity to sign in as; empty for you.",
        json_schema_extra=_hint(_EXAMPLE, **_ID_FORM),
    )
    resource_manager_url: Annotated[str | None, BeforeValidator(_address)] = Field(
        default=None,
        title="Resource Manager",
        description="The address of Azure Resource Manager, only for a cloud of your own.",
        json_schema_extra=_hint(
            "https://management.example.org", **_ADDRESS_FORM, **_TRUST, **{"x-advanced": True}
        ),
    )
    custom_clouds: Annotated[list[dict[str, Any]], BeforeValidator(_custom_clouds)] = Field(
        default=[],
        title="Clouds of your own",
        description="Clouds beside the known ones, each with its name, authority and endpoints.",
        json_schema_extra={"x-advanced": True, **_TRUST},
    )
    api_versions: Annotated[dict[str, str], BeforeValidator(_api_versions)] = Field(
        default={},
        title="API versions",
        description="The API version of a group of calls, for a cloud that does not have huntbook's own choice yet.",
        json_schema_extra={"x-advanced": True},
    )


class Workspace(BaseModel):
    """One Microsoft Sentinel workspace."""

    model_config = ConfigDict(extra="allow", title="Workspace", frozen=True)

    WorkspaceId: Annotated[str | None, BeforeValidator(_guid)] = Field(
        default=None,
        title="Workspace id",
        description="The id of the Log Analytics workspace.",
        json_schema_extra=_hint(_EXAMPLE, **_ID_FORM),
    )
    TenantId: Annotated[str | None, BeforeValidator(_tenant)] = Field(
        default=None,
        title="Tenant",
        description="The tenant that the workspace belongs to.",
        json_schema_extra=_hint("contoso.onmicrosoft.com", **_TENANT_FORM),
    )
    SubscriptionId: Annotated[str | None, BeforeValidator(_guid)] = Field(
        default=None,
        title="Subscription",
        description="The id of the workspace's subscription.",
        json_schema_extra=_hint(_EXAMPLE, **_ID_FORM),
    )
    ResourceGroup: Annotated[str | None, BeforeValidator(_text)] = Field(
        default=None,
        title="Resource group",
        description="The name of the workspace's resource group.",
        json_schema_extra=_hint("soc-rg"),
    )
    WorkspaceName: Annotated[str | None, BeforeValidator(_text)] = Field(
        default=None,
        title="Workspace name",
        description="The name of the workspace in Azure.",
        json_schema_extra=_hint("soc-workspace"),
    )


class SentinelSettings(BaseModel):
    """The section `MSSentinel` (also `AzureSentinel`): the workspaces to query."""

    model_config = ConfigDict(extra="allow", title="Microsoft Sentinel", frozen=True)

    Workspaces: Annotated[
        dict[str, Annotated[Workspace, BeforeValidator(_workspace)]], BeforeValidator(_workspaces)
    ] = Field(
        default={},
        title="Workspaces",
        description="The workspaces by a name of your own; Default is used where none is named.",
        json_schema_extra={"x-map": True, "x-import": True},
    )


class KeyVaultSettings(BaseModel):
    """The section `KeyVault`: where secrets are kept."""

    model_config = ConfigDict(extra="allow", title="Key Vault", frozen=True)

    VaultName: Annotated[str | None, BeforeValidator(_vault)] = Field(
        default=None,
        title="Vault",
        description="The name of the Key Vault that secrets come from.",
        json_schema_extra=_hint("soc-vault", **_VAULT_FORM, **_TRUST),
    )
    TenantId: Annotated[str | None, BeforeValidator(_tenant)] = Field(
        default=None,
        title="Tenant",
        description="The tenant that the vault belongs to; empty for that of the section Azure.",
        json_schema_extra=_hint("contoso.onmicrosoft.com", **_TENANT_FORM, **_TRUST),
    )
    SubscriptionId: Annotated[str | None, BeforeValidator(_guid)] = Field(
        default=None,
        title="Subscription",
        description="The id of the vault's subscription.",
        json_schema_extra=_hint(_EXAMPLE, **_ID_FORM),
    )
    ResourceGroup: Annotated[str | None, BeforeValidator(_text)] = Field(
        default=None,
        title="Resource group",
        description="The name of the vault's resource group.",
        json_schema_extra=_hint("soc-rg"),
    )
    AzureRegion: Annotated[str | None, BeforeValidator(_text)] = Field(
        default=None,
        title="Region",
        description="The Azure region of the vault.",
        json_schema_extra=_hint("westeurope"),
    )
    UseKeyring: Annotated[bool | None, BeforeValidator(_truth)] = Field(
        default=False,
        title="Keep in the keyring",
        description="Keep fetched secrets in the keyring of the kernel's machine for twelve hours; it takes huntbook[keyring].",
    )
    Authority: Annotated[str | None, BeforeValidator(_text)] = Field(
        default=None,
        title="Cloud of the vault",
        description="The vault's cloud where it is not that of the section Azure.",
        json_schema_extra={"x-advanced": True, **_TRUST},
    )
    AuthorityURI: Annotated[str | None, BeforeValidator(_address)] = Field(
        default=None,
        title="Sign-in address",
        description="The address of the vault's sign-in where the cloud does not say it.",
        json_schema_extra={"x-advanced": True, **_ADDRESS_FORM, **_TRUST},
    )


SECTIONS: Final[dict[str, type[BaseModel]]] = {
    "Azure": AzureSettings,
    "MSSentinel": SentinelSettings,
    "KeyVault": KeyVaultSettings,
}
