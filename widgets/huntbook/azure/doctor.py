"""The sign-in doctor: what will happen before it happens, and why it did not."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from huntbook import settings
from huntbook.azure.choice import chosen_cloud, chosen_methods
from huntbook.azure.clouds import COMPONENTS, Component, host_of, owner_of
from huntbook.azure.method_checks import SignInOptions
from huntbook.azure.methods import METHODS, Verdict, method_order
from huntbook.azure.report import CheckReport, ComponentCheck, TokenCheck
from huntbook.azure.token_claims import claims_of, foreign_token_problem
from huntbook.errors import ComponentUnavailableError, SignInError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from huntbook.azure.clouds import Cloud
    from huntbook.azure.credentials import CredentialChain

__all__ = ["CheckReport", "check", "examine"]


def check(
    cloud: str | Cloud | None = None,
    auth_methods: Sequence[str] | None = None,
    tenant_id: str | None = None,
    *,
    sign_in: bool = False,
) -> CheckReport:
    """Say which cloud each component will use and which way to sign in would answer.

    Parameters
    ----------
    cloud, auth_methods, tenant_id
        As in `connect`; None: what the settings say.
    sign_in
        False: nothing is signed in and no token is asked for. True: one token is asked for
        each component, which may prompt you, and its claims are shown; the token never is.

    Returns
    -------
    CheckReport
        Shows as tables in a notebook and as text elsewhere; ``to_frame()`` and ``to_dict()``
        give the same as data.

    Raises
    ------
    UnknownCloudError, UnsafeEndpointError, OptionError
        As in `connect`.

    Examples
    --------
    >>> report = check("usgov", ["devicecode"])
    >>> report.components[0].endpoint
    'https://management.usgovcloudapi.net'
    """
    options = SignInOptions(
        cloud=chosen_cloud(cloud),
        tenant_id=tenant_id or settings.get("Azure.tenant_id"),
        client_id=settings.get("Azure.client_id"),
    )
    methods, notice = method_order(chosen_methods(auth_methods))
    if not sign_in:
        return examine(options, methods, notice=notice)
    from huntbook.azure.credentials import CredentialChain  # noqa: PLC0415 - the dry check loads no Azure library

    with CredentialChain(methods, options) as chain:
        return examine(options, methods, notice=notice, credential=chain)


def examine(
    options: SignInOptions,
    methods: Sequence[str],
    *,
    notice: str = "",
    credential: CredentialChain | None = None,
) -> CheckReport:
    """Build the report for a cloud and methods that are chosen already.

    Parameters
    ----------
    options
        The cloud and the tenant.
    methods
        In the order in which they are tried.
    notice
        Why that order is not the configured one.
    credential
        Given: sign in with it, and report its tokens.
    """
    cloud = options.cloud
    components = tuple(_component(cloud, name) for name in COMPONENTS)
    tokens = tuple(_tokens(credential, components, cloud)) if credential is not None else ()
    verdicts = credential.report if credential is not None else _foresee(options, methods)
    return CheckReport(
        cloud=cloud.name,
        title=cloud.title,
        status=cloud.status,
        authority=cloud.authority,
        tenant=options.tenant_id or f"{cloud.tenant} (the account's own)",
        source=f"{cloud.source}, {cloud.checked}" if cloud.checked else cloud.source,
        components=components,
        methods=verdicts,
        tokens=tokens,
        notes=tuple(_notes(cloud, notice)),
    )


def _foresee(options: SignInOptions, methods: Sequence[str]) -> tuple[Verdict, ...]:
    return tuple(METHODS[name].foresee(options) for name in methods)


def _component(cloud: Cloud, name: Component) -> ComponentCheck:
    try:
        endpoint, scope = cloud.endpoint(name), cloud.scope(name)
    except ComponentUnavailableError:
        note = "the cloud's definition does not name it"
        return ComponentCheck(component=name, title=COMPONENTS[name], available=False, agrees=True, note=note)
    strange = [
        host
        for host in (host_of(cloud.authority), host_of(endpoint), host_of(scope))
        if (owner := owner_of(host)) is not None and owner != cloud
    ]
    # A custom cloud may sign in at a shipped login; the rules of its definition have judged that.
    foreign = [host for host in strange if cloud.status != "custom" or host != host_of(cloud.authority)]
    return ComponentCheck(
        component=name,
        title=COMPONENTS[name],
        available=True,
        authority=cloud.authority,
        scope=scope,
        endpoint=f"https://VAULT.{cloud.key_vault_suffix}" if name == "key_vault" else endpoint,
        agrees=not foreign,
        note=f"{', '.join(foreign)} belongs to another cloud" if foreign else "",
    )


def _tokens(
    credential: CredentialChain, components: Sequence[ComponentCheck], cloud: Cloud
) -> Iterator[TokenCheck]:
    """Ask for one token a component; stop where nobody signs in at all."""
    for each in components:
        if not each.available:
            continue
        try:
            token = credential.get_token_info(each.scope, options={"enable_cae": True})
        except SignInError as error:
            reasons = [row["reason"] for row in error.report if row["outcome"] == "failed"]
            yield TokenCheck(
                component=each.component, agrees=False, note="; ".join(reasons) or "nobody signed in"
            )
            if credential.winner is None:
                return
            continue
        claims = claims_of(token.token)
        yield TokenCheck(
            component=each.component,
            method=credential.winner or "",
            issuer=str(claims.get("iss") or "(not readable)"),
            audience=str(claims.get("aud") or "(not readable)"),
            tenant=str(claims.get("tid") or "(not readable)"),
            expires=datetime.fromtimestamp(token.expires_on, UTC).isoformat(timespec="seconds"),
            agrees=not foreign_token_problem(token.token, cloud=cloud),
        )


def _notes(cloud: Cloud, notice: str) -> Iterator[str]:
    if cloud.advice:
        yield cloud.advice
    if notice:
        yield notice
    set_host = os.environ.get("AZURE_AUTHORITY_HOST", "")
    host = host_of(set_host) or set_host
    if host and host not in cloud.authority_hosts:
        yield f"AZURE_AUTHORITY_HOST names {host}: huntbook ignores it and signs in at {host_of(cloud.authority)}."
