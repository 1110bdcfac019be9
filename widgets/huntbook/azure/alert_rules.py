"""Analytics rules of Microsoft Sentinel and the templates that they are made from."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from huntbook.azure.incidents import SEVERITIES
from huntbook.azure.kql import timespan_text
from huntbook.azure.sentinel_items import SentinelItems
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

__all__ = ["AlertRules"]

_GROUP = "alert_rules"
_KINDS = ("Scheduled", "NRT", "Fusion", "MicrosoftSecurityIncidentCreation")
_OWN_KINDS = ("Scheduled", "NRT")
# What the service computes itself.
_COMPUTED = "lastModifiedUtc"
_HOUR = timedelta(hours=1)


class AlertRules(SentinelItems):
    """The analytics rules of one workspace; part of `Sentinel`."""

    def alert_rules(self) -> pd.DataFrame:
        """Return the analytics rules, of every kind."""
        return self._frame("alertRules", group=_GROUP)

    def alert_rule(self, name: str) -> dict[str, Any]:
        """Return one analytics rule."""
        return self._get("alertRules", name, group=_GROUP)

    def create_alert_rule(
        self,
        title: str,
        query: str,
        *,
        kind: str = "Scheduled",
        severity: str = "Medium",
        description: str = "",
        tactics: Sequence[str] = (),
        every: timedelta = _HOUR,
        period: timedelta | None = None,
        threshold: int = 0,
        enabled: bool = True,
        name: str | None = None,
    ) -> dict[str, Any]:
        """Create an analytics rule and return it.

        Parameters
        ----------
        title, description
            What its alerts say.
        query
            In KQL; each row that it gives counts.
        kind
            ``Scheduled`` (by the clock) or ``NRT`` (near real time: each minute, over what came in).
        severity
            ``High``, ``Medium``, ``Low`` or ``Informational``.
        tactics
            Of MITRE ATT&CK, by the service's words, such as ``LateralMovement``.
        every
            How often it runs, an hour by default; for ``Scheduled`` only.
        period
            How far back it looks; None: as far as `every`. For ``Scheduled`` only.
        threshold
            More rows than this raise an alert; for ``Scheduled`` only.
        enabled
            False: write it and do not run it yet.
        name
            Its id; by default a new one.

        Raises
        ------
        OptionError
            A kind or a severity that is not known, or `period` shorter than `every`.
        """
        if kind not in _OWN_KINDS:
            raise OptionError.unknown(kind, option="kind", known=_OWN_KINDS)
        if severity not in SEVERITIES:
            raise OptionError.unknown(severity, option="severity", known=SEVERITIES)
        told: dict[str, Any] = {
            "displayName": title,
            "description": description,
            "enabled": enabled,
            "query": query,
            "severity": severity,
            "tactics": list(tactics),
            "suppressionEnabled": False,
            "suppressionDuration": "PT1H",
        }
        told |= _schedule(every, period or every, threshold) if kind == "Scheduled" else {}
        return self.put_alert_rule(name or str(uuid.uuid4()), kind, told)

    def put_alert_rule(
        self, name: str, kind: str, properties: Mapping[str, Any], *, etag: str | None = None
    ) -> dict[str, Any]:
        """Write an analytics rule whole.

        Parameters
        ----------
        name
            Its id.
        kind
            ``Scheduled``, ``NRT``, ``Fusion`` or ``MicrosoftSecurityIncidentCreation``.
        properties
            By the service's names.
        etag
            Given: only if nobody changed it since.
        """
        if kind not in _KINDS:
            raise OptionError.unknown(kind, option="kind", known=_KINDS)
        return self._put("alertRules", name, properties=properties, etag=etag, kind=kind, group=_GROUP)

    def enable_alert_rule(self, name: str, *, enabled: bool = True) -> dict[str, Any]:
        """Turn a rule on or off and leave the rest of it as it is."""
        found = self.alert_rule(name)
        told = {key: value for key, value in found["properties"].items() if key != _COMPUTED}
        return self.put_alert_rule(name, found["kind"], {**told, "enabled": enabled}, etag=found.get("etag"))

    def delete_alert_rule(self, name: str) -> None:
        """Delete an analytics rule."""
        self._delete("alertRules", name, group=_GROUP)

    def alert_rule_actions(self, name: str) -> pd.DataFrame:
        """Return the playbooks that a rule starts."""
        return self._frame("alertRules", name, "actions", group=_GROUP)

    def alert_rule_templates(self) -> pd.DataFrame:
        """Return the templates of analytics rules."""
        return self._frame("alertRuleTemplates", group=_GROUP)

    def alert_rule_template(self, name: str) -> dict[str, Any]:
        """Return one template."""
        return self._get("alertRuleTemplates", name, group=_GROUP)


def _schedule(every: timedelta, period: timedelta, threshold: int) -> dict[str, Any]:
    if period < every:
        raise OptionError(
            f"period={period} is shorter than every={every}, so the rule would miss rows. Look back at least as far."
        )
    return {
        "queryFrequency": timespan_text(every),
        "queryPeriod": timespan_text(period),
        "triggerOperator": "GreaterThan",
        "triggerThreshold": threshold,
    }
