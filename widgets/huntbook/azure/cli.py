"""The sign-in doctor at a terminal: ``huntbook check``."""

from __future__ import annotations

import json

import click

from huntbook.azure.doctor import check as check_sign_in
from huntbook.errors import HuntbookError

__all__ = ["check"]

_NOT_OK = 1
_REFUSED = 2


@click.command()
@click.option("--cloud", help="A cloud's name; by default what the settings say.")
@click.option(
    "--method", "methods", multiple=True, help="A way to sign in, in order; by default what the settings say."
)
@click.option("--tenant", help="The tenant's id or domain.")
@click.option(
    "--sign-in", is_flag=True, help="Ask for one token a component and show what it says of itself."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def check(
    *, cloud: str | None, methods: tuple[str, ...], tenant: str | None, sign_in: bool, as_json: bool
) -> None:
    """Say which cloud is used and which way to sign in would answer here.

    Ends with 0 if somebody can sign in and everything agrees, with 1 if not, and with 2 if a
    word or a setting is refused.
    """
    try:
        report = check_sign_in(cloud, list(methods) or None, tenant, sign_in=sign_in)
    except HuntbookError as error:
        click.echo(str(error), err=True)
        raise SystemExit(_REFUSED) from None
    click.echo(json.dumps(report.to_dict(), indent=2) if as_json else str(report))
    if not report.ok:
        raise SystemExit(_NOT_OK)
