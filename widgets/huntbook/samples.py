"""Simulated data to try the pictures on. Nothing here was recorded anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.errors import OptionError
from huntbook.simulated import office
from huntbook.simulated.incident import Incident, incident
from huntbook.simulated.processes import processes

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Incident", "alerts", "incident", "logons", "network_flows", "processes"]

# The pair to find: one workstation that calls one outside address, at night, every time as much.
_ODD_SOURCE, _ODD_DESTINATION, _ODD_PORT = "10.4.0.23", "203.0.113.77", 8443
_ODD_SHARE = 1_000
_DAY_START = pd.Timestamp("2024-03-11", tz="UTC")
_DAYS = 3
_PORTS = np.array([443, 53, 80, 123, 445, 22])
_PORT_SHARES = np.array([0.55, 0.22, 0.12, 0.05, 0.04, 0.02])
_PROTOCOLS = np.array(["TCP", "UDP"])


def network_flows(*, rows: int = 10_000, seed: int = 20240311) -> pd.DataFrame:
    """Return simulated network flows of an invented office, with one odd pair among them.

    Inside are 40 workstations in 10.4.0.0/16; outside are 60 servers in the ranges that RFC 5737
    keeps for documentation. The odd pair is ``10.4.0.23`` to ``203.0.113.77``: no other workstation
    talks to that server, on a port that nobody else uses (8443), between one and five in the
    morning, with nearly the same number of bytes every time. It has one row in a thousand, at least one.

    Parameters
    ----------
    rows : int, default 10_000
        How many flows, at least 1.
    seed : int, default 20240311
        The same seed gives the same flows.

    Returns
    -------
    pandas.DataFrame
        Sorted by time, with the columns ``TimeGenerated`` (UTC), ``SourceIP``, ``DestinationIP``,
        ``DestinationPort``, ``Protocol`` and ``BytesSent``.

    Raises
    ------
    OptionError
        If `rows` is below 1.

    Examples
    --------
    >>> from huntbook import samples
    >>> flows = samples.network_flows(rows=5_000)
    >>> odd = flows[flows["DestinationIP"] == "203.0.113.77"]
    >>> odd["SourceIP"].unique().tolist(), len(odd)
    (['10.4.0.23'], 5)
    """
    if rows < 1:
        raise OptionError(f"rows={rows!r}: it takes a whole number from 1.")
    random = np.random.default_rng(seed)
    odd = max(1, rows // _ODD_SHARE)
    flows = pd.concat([_ordinary_flows(random, rows - odd), _odd_flows(random, odd)], ignore_index=True)
    return flows.sort_values("TimeGenerated", kind="stable", ignore_index=True)


def _ordinary_flows(random: np.random.Generator, rows: int) -> pd.DataFrame:
    sources = np.array([f"10.4.{host // 20}.{10 + 3 * (host % 20)}" for host in range(39)] + [_ODD_SOURCE])
    servers = np.array(
        [f"{net}.{7 + 11 * host}" for net in ("192.0.2", "198.51.100", "203.0.113") for host in range(20)]
    )
    source = random.choice(len(sources), rows, p=_falling(len(sources), 0.7, random))
    # Each workstation knows some servers only, so that the picture has gaps as a real one has.
    known = random.random((len(sources), len(servers))) ** 3 * _falling(len(servers), 1.1, random)
    steps = np.cumsum(known / known.sum(axis=1, keepdims=True), axis=1)
    # One search for all: the shares of the second workstation lie between 1 and 2, and so on.
    laid = (steps + np.arange(len(sources))[:, None]).ravel()
    place = np.searchsorted(laid, random.random(rows) + source) - source * len(servers)
    server = np.minimum(place, len(servers) - 1)
    port = random.choice(_PORTS, rows, p=_PORT_SHARES)
    day = random.integers(0, _DAYS, rows) * 86_400
    seconds = day + np.clip(random.normal(13.5, 3.2, rows), 0, 23.99) * 3_600
    return _frame(
        seconds,
        sources[source],
        servers[server],
        port,
        (random.lognormal(7.5, 1.6, rows) + 60).astype(np.int64),
    )


def _falling(size: int, power: float, random: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return shares that fall as a power of the rank, in random order: few are busy, many are quiet."""
    shares = random.permutation(1.0 / np.arange(1, size + 1) ** power)
    return np.asarray(shares / shares.sum())


def _odd_flows(random: np.random.Generator, rows: int) -> pd.DataFrame:
    seconds = random.integers(0, _DAYS, rows) * 86_400 + random.uniform(1, 5, rows) * 3_600
    return _frame(
        seconds,
        np.full(rows, _ODD_SOURCE),
        np.full(rows, _ODD_DESTINATION),
        np.full(rows, _ODD_PORT),
        random.integers(4_090, 4_102, rows),
    )


def _frame(
    seconds: np.ndarray[Any, Any],
    source: np.ndarray[Any, Any],
    destination: np.ndarray[Any, Any],
    port: np.ndarray[Any, Any],
    sent: np.ndarray[Any, Any],
) -> pd.DataFrame:
    # Milliseconds, as a recorder gives them.
    times = _DAY_START + pd.to_timedelta(np.round(seconds, 3), unit="s").round("ms")
    return pd.DataFrame(
        {
            "TimeGenerated": times,
            "SourceIP": source,
            "DestinationIP": destination,
            "DestinationPort": port.astype(np.int64),
            "Protocol": _PROTOCOLS[np.isin(port, (53, 123)).astype(int)],
            "BytesSent": sent,
        }
    )


def logons(*, rows: int = 5_000, seed: int = 0) -> pd.DataFrame:
    """Return simulated logons of an office of 40 hosts on one day, a few of them refused.

    Parameters
    ----------
    rows
        How many, at least 1.
    seed
        The same seed gives the same logons.

    Returns
    -------
    pandas.DataFrame
        Sorted by time, with the columns ``TimeGenerated`` (UTC), ``Computer``, ``EventID`` (4624 success, 4625
        failure), ``TargetUserName``, ``LogonType`` and ``IpAddress``.

    Raises
    ------
    OptionError
        If `rows` is below 1.

    Examples
    --------
    >>> from huntbook import samples
    >>> sorted(samples.logons(rows=500)["EventID"].unique().tolist())
    [4624, 4625]
    """
    return _office(office.logons, rows, seed)


def alerts(*, rows: int = 200, seed: int = 0) -> pd.DataFrame:
    """Return simulated alerts of an office of 40 hosts on one day; none of them means anything.

    Parameters
    ----------
    rows
        How many, at least 1.
    seed
        The same seed gives the same alerts.

    Returns
    -------
    pandas.DataFrame
        Sorted by time, with the columns ``TimeGenerated`` (UTC), ``AlertName``, ``AlertSeverity``,
        ``CompromisedEntity`` and ``ProviderName``.

    Raises
    ------
    OptionError
        If `rows` is below 1.

    Examples
    --------
    >>> from huntbook import samples
    >>> len(samples.alerts(rows=50))
    50
    """
    return _office(office.alerts, rows, seed)


def _office(
    kind: Callable[[int, int, float, np.random.Generator], pd.DataFrame], rows: int, seed: int
) -> pd.DataFrame:
    if rows < 1:
        raise OptionError(f"rows={rows!r}: it takes a whole number from 1.")
    return kind(rows, 40, 86_400.0, np.random.default_rng(seed)).drop(columns="Attack")
