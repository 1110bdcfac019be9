"""Managed identities: IMDS of a virtual machine, App Service, and Azure Machine Learning."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from fakecloud.server import Answer, Request

if TYPE_CHECKING:
    from fakecloud.cloud import FakeCloud


def answer(cloud: FakeCloud, request: Request) -> Answer:
    """Answer a request to one of the three token services of a machine in Azure."""
    if request.path == "/metadata/identity/oauth2/token" and request.headers.get("Metadata") != "true":
        return Answer(
            status=400, body={"error": "bad_request", "error_description": "Required header missing"}
        )
    if request.path == "/metadata/instance/compute/azEnvironment":
        names = {"AzureCloud": "AzurePublicCloud", "AzureUSGovernment": "AzureUSGovernmentCloud"}
        return Answer(body=names.get(cloud.hosts.arm_name, cloud.hosts.arm_name).encode())
    known = ("/metadata/identity/oauth2/token", "/appservice/token", "/aml/token")
    if request.path not in known:
        return Answer(status=404, body={"error": f"no such path: {request.path}"})
    secret = request.headers.get("X-IDENTITY-HEADER") or request.headers.get("secret")
    if request.path != known[0] and secret != cloud.client_secret:
        return Answer(status=401, body={"error": "the header that proves the machine is missing"})
    resource = request.query["resource"]
    if resource.rstrip("/") not in cloud.hosts.audiences:
        text = f"AADSTS500011: The resource principal named {resource} was not found in the tenant {cloud.tenant}."
        return Answer(status=400, body={"error": "invalid_resource", "error_description": text})
    now = int(time.time())
    return Answer(
        body={
            "access_token": cloud.issue(resource, how="msi", idtyp="app"),
            "client_id": request.query.get("client_id", "system"),
            "expires_in": str(cloud.token_life),
            "expires_on": str(now + cloud.token_life),
            "resource": resource,
            "token_type": "Bearer",
        }
    )
