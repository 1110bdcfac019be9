"""Network interfaces with their addresses, and the rules that let traffic through to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.azure.arm import resource_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huntbook.azure.arm import Arm

__all__ = ["Networks"]

_GROUP = "network"
_ADDRESS_COLUMNS = (
    "interface",
    "configuration",
    "private_ip",
    "public_ip",
    "public_ip_id",
    "subnet_id",
    "security_group_id",
    "security_rules",
    "mac",
)
_RULE_COLUMNS = (
    "security_group_id",
    "name",
    "direction",
    "priority",
    "access",
    "protocol",
    "source",
    "source_ports",
    "destination",
    "destination_ports",
    "default",
    "description",
)


class Networks:
    """The network half of `Resources`.

    Parameters
    ----------
    arm
        The session's.
    """

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    def network(self, resource_id: str) -> pd.DataFrame:
        """Return the addresses of a network interface or of a virtual machine, with the rules for each.

        Parameters
        ----------
        resource_id
            The id of the interface, or of the machine for all of its interfaces.

        Returns
        -------
        pandas.DataFrame
            With the columns ``interface``, ``configuration``, ``private_ip``, ``public_ip``,
            ``public_ip_id``, ``subnet_id``, ``security_group_id``, ``security_rules`` (of the
            interface's own group: a list of dicts in the order in which they apply, with the
            names of `security_rules`) and ``mac``. A subnet has a group of its own, for which
            to ask `security_rules`.
        """
        found = self._get(resource_id)
        cards = [found]
        if "/virtualmachines/" in resource_id.lower():
            about = (found.get("properties") or {}).get("networkProfile") or {}
            cards = [self._get(card["id"]) for card in about.get("networkInterfaces") or []]
        rows = [row for card in cards for row in self._addresses(card)]
        return pd.DataFrame(rows, columns=list(_ADDRESS_COLUMNS))

    def security_rules(self, resource_id: str) -> pd.DataFrame:
        """Return the rules of a network security group, or of the group of an interface or a subnet.

        Parameters
        ----------
        resource_id
            The id of the group, the interface or the subnet, such as `network` and
            `virtual_machines` give them.

        Returns
        -------
        pandas.DataFrame
            In the order in which they apply, the group's own and the service's; with the columns
            ``security_group_id``, ``name``, ``direction``, ``priority``, ``access``,
            ``protocol``, ``source``, ``source_ports``, ``destination``, ``destination_ports``
            (texts, several joined by commas), ``default`` (bool) and ``description``. No rows
            where the interface or the subnet has no group.
        """
        found = self._get(resource_id)
        if "/networksecuritygroups/" not in resource_id.lower():
            group = ((found.get("properties") or {}).get("networkSecurityGroup") or {}).get("id")
            found = self._get(group) if group else {}
        about = found.get("properties") or {}
        rows = [
            _rule(found.get("id"), each, default=default)
            for default, key in ((False, "securityRules"), (True, "defaultSecurityRules"))
            for each in about.get(key) or []
        ]
        frame = pd.DataFrame(rows, columns=list(_RULE_COLUMNS))
        return frame.sort_values(["direction", "priority"], kind="stable", ignore_index=True)

    def _get(self, resource_id: str) -> dict[str, Any]:
        group = "compute" if "/virtualmachines/" in resource_id.lower() else _GROUP
        return self._arm.get(resource_path(resource_id), group=group)

    def _addresses(self, card: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
        about = card.get("properties") or {}
        group = (about.get("networkSecurityGroup") or {}).get("id")
        rules = self.security_rules(group).to_dict("records") if group else []
        for each in about.get("ipConfigurations") or []:
            of = each.get("properties") or {}
            public = (of.get("publicIPAddress") or {}).get("id")
            yield (
                card.get("name"),
                each.get("name"),
                of.get("privateIPAddress"),
                (self._get(public).get("properties") or {}).get("ipAddress") if public else None,
                public,
                (of.get("subnet") or {}).get("id"),
                group,
                rules,
                about.get("macAddress"),
            )


def _rule(group: Any, rule: dict[str, Any], *, default: bool) -> tuple[Any, ...]:
    of = rule.get("properties") or {}

    def either(one: str, several: str) -> str:
        return ",".join([of[one]] if of.get(one) else of.get(several) or [])

    return (
        group,
        rule.get("name"),
        of.get("direction"),
        of.get("priority"),
        of.get("access"),
        of.get("protocol"),
        either("sourceAddressPrefix", "sourceAddressPrefixes"),
        either("sourcePortRange", "sourcePortRanges"),
        either("destinationAddressPrefix", "destinationAddressPrefixes"),
        either("destinationPortRange", "destinationPortRanges"),
        default,
        of.get("description") or "",
    )
