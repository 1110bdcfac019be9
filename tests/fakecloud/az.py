"""Stubs of the programs ``az`` and ``pwsh``: small scripts that ask the fake for their tokens."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

from fakecloud.server import Answer, Request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fakecloud.cloud import FakeCloud

# -I and -S keep the start short and the fake's own redirect out.
_SCRIPT = """#!{python} -IS
import base64, configparser, http.client, os, re, sys, urllib.parse
ports, program, default = {ports!r}, {program!r}, {default!r}
folder = os.environ.get("AZURE_CONFIG_DIR") or os.path.expanduser("~/.azure")
config = configparser.ConfigParser()
config.read(os.path.join(folder, "config"))
name = config.get("cloud", "name", fallback=default)
if name not in ports:
    sys.exit("az: the cloud " + name + " is not registered")
if program == "az":
    words = dict(zip(sys.argv, sys.argv[1:]))
    query = {{"resource": words.get("--resource", ""), "tenant": words.get("--tenant", "")}}
else:
    script = base64.b64decode(sys.argv[-1]).decode("utf-16-le")
    resource = re.search(r"ResourceUrl['\\" =]+(https:[^'\\"\\s;]+)", script)
    query = {{"resource": resource.group(1) if resource else "", "tenant": ""}}
query["program"] = program
line = http.client.HTTPConnection("127.0.0.1", ports[name], timeout=30)
line.request("GET", "/_az?" + urllib.parse.urlencode(query))
answer = line.getresponse()
text = answer.read().decode()
if answer.status != 200:
    print(text, file=sys.stderr)
    sys.exit(1)
print(text)
"""
_MODES = {
    "signed out": "ERROR: Please run 'az login' to setup account.",
    "expired": "ERROR: AADSTS70043: The refresh token has expired or is invalid due to sign-in frequency checks "
    "by Conditional Access. Trace ID: t",
}


def write_program(path: Path, *, ports: Mapping[str, int], default: str = "AzureCloud") -> Path:
    """Write the stub named as the last part of `path`, which asks the plain server of the active cloud."""
    text = _SCRIPT.format(python=sys.executable, ports=dict(ports), program=path.name, default=default)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def answer(cloud: FakeCloud, request: Request) -> Answer:
    """Answer one call of a stub; ``cloud.az_mode`` is what the program's state is."""
    if cloud.az_mode == "junk":
        return Answer(body=b"Welcome to the cool new Azure CLI!")
    if cloud.az_mode != "signed in":
        return Answer(status=500, body=_MODES[cloud.az_mode].encode())
    resource = request.query.get("resource", "")
    if resource.rstrip("/") not in cloud.hosts.audiences:
        text = f"ERROR: AADSTS500011: The resource principal named {resource} was not found in the tenant."
        return Answer(status=500, body=text.encode())
    how = "cli" if request.query["program"] == "az" else "powershell"
    token = cloud.issue(
        resource.rstrip("/"), tenant=request.query.get("tenant", ""), how=how, upn="a@contoso.example"
    )
    expires = int(time.time()) + cloud.token_life
    if how == "powershell":
        return Answer(body=f"azsdk%{token}%{expires}".encode())
    told = {"accessToken": token, "expires_on": expires, "tenant": cloud.tenant, "tokenType": "Bearer"}
    return Answer(body=json.dumps(told).encode())
