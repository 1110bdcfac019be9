"""What an ordinary day of a simulated office looks like in flows, logons and alerts."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from huntbook.simulated.columns import text

__all__ = ["DAY_START", "address", "alerts", "flows", "logons"]

DAY_START: Final = pd.Timestamp("2026-03-02 08:00", tz="UTC")
_HOSTS_A_NET: Final = 250
_PORTS: Final = np.array([443, 53, 80, 445, 123, 3_389])
_PORT_SHARES: Final = np.array([0.56, 0.22, 0.11, 0.06, 0.04, 0.01])
_SERVERS: Final = [
    f"{net}.{7 + 11 * host}" for net in ("192.0.2", "198.51.100", "203.0.113") for host in range(20)
]
_LOGON_TYPES: Final = np.array([3, 2, 7, 5, 10])
_LOGON_SHARES: Final = np.array([0.62, 0.16, 0.12, 0.08, 0.02])
_FAILURES: Final = 0.03
_ALERTS: Final = (
    ("Sign-in from an unusual place", "Low", "Identity"),
    ("Mass download", "Low", "Cloud Apps"),
    ("Unusual number of failed sign-ins", "Medium", "Identity"),
    ("Potentially unwanted software", "Informational", "Endpoint"),
    ("Rare process on a host", "Informational", "Endpoint"),
)


def address(host: int) -> str:
    """Return the address of the host with that number, counted from 0."""
    return f"10.4.{host // _HOSTS_A_NET}.{host % _HOSTS_A_NET + 1}"


def flows(rows: int, hosts: int, seconds: float, random: np.random.Generator) -> pd.DataFrame:
    """Return flows from hosts to a few servers that each of them knows."""
    host = random.integers(0, hosts, rows)
    # The square leans to the first of the servers that a host knows.
    known = (random.random(rows) ** 2 * 12).astype(np.int64)
    server = (host * 7 + known * 5) % len(_SERVERS)
    port = random.choice(_PORTS, rows, p=_PORT_SHARES)
    return pd.DataFrame(
        {
            "TimeGenerated": _times(rows, seconds, random),
            "SourceHost": text(_computers(hosts), host),
            "SourceIP": text([address(number) for number in range(hosts)], host),
            "DestinationIP": text(_SERVERS, server),
            "DestinationPort": port,
            "Protocol": text(["TCP", "UDP"], np.isin(port, (53, 123)).astype(np.int64)),
            "BytesSent": (random.lognormal(7.5, 1.6, rows) + 60).astype(np.int64),
            "Attack": False,
        }
    )


def logons(rows: int, hosts: int, seconds: float, random: np.random.Generator) -> pd.DataFrame:
    """Return logons, mostly of a host's own user, a few of them refused."""
    host = random.integers(0, hosts, rows)
    visitor = random.random(rows) < 0.05  # noqa: PLR2004 - one in twenty sits at another's desk
    user = np.where(visitor, random.integers(0, hosts, rows), host)
    return pd.DataFrame(
        {
            "TimeGenerated": _times(rows, seconds, random),
            "Computer": text(_computers(hosts), host),
            "EventID": np.where(random.random(rows) < _FAILURES, 4625, 4624),
            "TargetUserName": text([f"user{number + 1:04}" for number in range(hosts)], user),
            "LogonType": random.choice(_LOGON_TYPES, rows, p=_LOGON_SHARES),
            "IpAddress": text([address(number) for number in range(hosts)], user),
            "Attack": False,
        }
    )


def alerts(rows: int, hosts: int, seconds: float, random: np.random.Generator) -> pd.DataFrame:
    """Return alerts that mean nothing."""
    kind = random.integers(0, len(_ALERTS), rows)
    names, severities, providers = zip(*_ALERTS, strict=True)
    return pd.DataFrame(
        {
            "TimeGenerated": _times(rows, seconds, random),
            "AlertName": text(names, kind),
            "AlertSeverity": text(severities, kind),
            "CompromisedEntity": text(_computers(hosts), random.integers(0, hosts, rows)),
            "ProviderName": text(providers, kind),
            "Attack": False,
        }
    )


def _times(rows: int, seconds: float, random: np.random.Generator) -> pd.Series[Any]:
    microseconds = np.sort((random.random(rows) * seconds * 1e6).astype(np.int64))
    return pd.Series(DAY_START + pd.to_timedelta(microseconds, unit="us"))


def _computers(hosts: int) -> list[str]:
    return [f"host-{number + 1:04}" for number in range(hosts)]
