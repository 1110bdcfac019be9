"""A machine of the story in each fake cloud, with its network and its metrics, for pages and people to look at."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

_GROUP = "/subscriptions/00000001-5555-4555-8555-555555555555/resourceGroups/soc-rg"
MACHINE = f"{_GROUP}/providers/Microsoft.Compute/virtualMachines/web-1"
_NETWORK = f"{_GROUP}/providers/Microsoft.Network"
CARD = f"{_NETWORK}/networkInterfaces/web-1-nic"
_RULES, _PUBLIC = f"{_NETWORK}/networkSecurityGroups/web-nsg", f"{_NETWORK}/publicIPAddresses/web-1-ip"
_SUBNET = f"{_NETWORK}/virtualNetworks/soc-net/subnets/web"
_FILTER = re.compile(r"resourceType eq '(.*)'")


def _rule(name: str, priority: int, access: str, source: str, ports: str) -> dict[str, Any]:
    about = {
        "direction": "Inbound",
        "priority": priority,
        "access": access,
        "protocol": "Tcp",
        "sourceAddressPrefix": source,
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": ports,
    }
    return {"name": name, "properties": about}


_PROPERTIES: dict[str, dict[str, Any]] = {
    MACHINE: {
        "vmId": "0f47b100-583c-48e3-a4c0-aefc2c9bbcc1",
        "hardwareProfile": {"vmSize": "Standard_B2s"},
        "storageProfile": {"osDisk": {"osType": "Linux"}},
        "networkProfile": {"networkInterfaces": [{"id": CARD}]},
    },
    CARD: {
        "macAddress": "00-0D-3A-1B-C7-21",
        "networkSecurityGroup": {"id": _RULES},
        "ipConfigurations": [
            {
                "name": "ipconfig1",
                "properties": {
                    "privateIPAddress": "10.4.0.10",
                    "subnet": {"id": _SUBNET},
                    "publicIPAddress": {"id": _PUBLIC},
                },
            }
        ],
    },
    _RULES: {
        "securityRules": [
            _rule("https", 100, "Allow", "*", "443"),
            _rule("ssh-from-anywhere", 200, "Allow", "*", "22"),
            _rule("ssh-from-office", 150, "Allow", "10.0.0.0/8", "22"),
        ],
        "defaultSecurityRules": [_rule("DenyAllInBound", 65500, "Deny", "*", "*")],
    },
    _PUBLIC: {"ipAddress": "203.0.113.10"},
}


def thing(path: str) -> dict[str, Any] | None:
    """Return the resource with this lower-case id, if it is one of the office's."""
    for name, about in _PROPERTIES.items():
        if name.lower() == path:
            return {**_head(name), "properties": about}
    return None


def things(asked: str) -> list[dict[str, Any]]:
    """Return every resource without its properties; of one type where an OData filter asks so."""
    wanted = _FILTER.fullmatch(asked)
    found = [_head(name) for name in _PROPERTIES]
    return [each for each in found if wanted is None or each["type"].lower() == wanted[1].lower()]


def metrics(query: dict[str, str]) -> dict[str, Any]:
    """Return the CPU's load at each hour of the span that is asked for, low by day and high at night."""
    start, end = (dt.datetime.fromisoformat(text) for text in query["timespan"].split("/"))
    hour = start.replace(minute=0, second=0, microsecond=0)
    key, points = query["aggregation"].lower(), []
    while hour < end:
        points.append({"timeStamp": hour.isoformat(), key: 85.0 if 1 <= hour.hour < 5 else 12.0})
        hour += dt.timedelta(hours=1)
    series = [{"metadatavalues": [], "data": points}]
    return {
        "value": [{"name": {"value": query["metricnames"]}, "errorCode": "Success", "timeseries": series}]
    }


def _head(name: str) -> dict[str, Any]:
    parts = name.split("/")
    return {
        "id": name,
        "name": parts[-1],
        "type": f"{parts[6]}/{parts[7]}",
        "location": "west",
        "tags": {"owner": "soc"},
    }
