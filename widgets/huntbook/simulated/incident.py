"""A simulated break-in, told by processes, flows, logons and alerts of the same hosts at the same times."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import pandas as pd

from huntbook.errors import OptionError
from huntbook.simulated.office import DAY_START, address, alerts, flows, logons
from huntbook.simulated.processes import processes

__all__ = ["Incident", "incident"]

_LEAST_ROWS: Final = 2_000
# What an ordinary host records in an hour, and the shares of the tables.
_PROCESS_ROWS_AN_HOUR: Final = 193
_PROCESS_SHARE, _LOGON_SHARE, _ALERT_SHARE = 0.4, 0.08, 0.001
_LEAST_HOSTS, _LONGEST_HOURS = 6, 48.0
_SERVER: Final = "203.0.113.77"
_BEACON_SECONDS: Final = 60.0
_BEACON_PORT: Final = 8_443
_MOST_BEACONS: Final = 400
_SUCCESS, _FAILURE = 4_624, 4_625


@dataclass(frozen=True, slots=True, repr=False)
class Incident:
    """The tables of one simulated break-in. In each the column ``Attack`` is the truth: look at it last.

    Attributes
    ----------
    processes
        In the columns of Windows events 4688 and 4689, as `huntbook.simulated.processes.processes` gives them.
    network_flows
        TimeGenerated, SourceHost, SourceIP, DestinationIP, DestinationPort, Protocol, BytesSent, Attack.
    logons
        TimeGenerated, Computer, EventID (4624 success, 4625 failure), TargetUserName, LogonType, IpAddress, Attack.
    alerts
        TimeGenerated, AlertName, AlertSeverity, CompromisedEntity, ProviderName, Attack.
    story
        What happened, a row a step: time, host, table, what.
    """

    processes: pd.DataFrame
    network_flows: pd.DataFrame
    logons: pd.DataFrame
    alerts: pd.DataFrame
    story: pd.DataFrame

    def __repr__(self) -> str:
        sizes = ", ".join(f"{each.name} {len(getattr(self, each.name)):,}" for each in fields(self))
        return f"<Incident, simulated: {sizes} rows>"


def incident(*, rows: int = 20_000, seed: int = 0) -> Incident:
    r"""Simulate an office and one break-in: an opened attachment, a beacon, a jump to a second host, deleted backups.

    Parameters
    ----------
    rows
        Rows of all tables together, at least 2,000; the story has its own.
    seed
        The same seed gives the same incident.

    Returns
    -------
    Incident
        Five frames; times in UTC, to the millisecond.

    Raises
    ------
    OptionError
        If `rows` is below 2,000.

    Examples
    --------
    >>> from huntbook import samples
    >>> case = samples.incident(rows=5_000, seed=7)
    >>> print(case.story["what"].iloc[0])
    started "WINWORD.EXE" /n "C:\Users\Public\invoice.docm"
    >>> sum(len(table) for table in (case.processes, case.network_flows, case.logons, case.alerts))
    5000
    """
    if rows < _LEAST_ROWS:
        raise OptionError(f"rows={rows!r}: an incident takes a whole number from {_LEAST_ROWS:,}.")
    random = np.random.default_rng(seed)
    wanted = rows * _PROCESS_SHARE / _PROCESS_ROWS_AN_HOUR
    hosts = max(_LEAST_HOSTS, round(wanted / _LONGEST_HOURS))
    hours = wanted / hosts
    ran = processes(hosts=hosts, hours=hours, seed=seed)
    ran["TimeGenerated"] = ran["TimeGenerated"].dt.tz_localize("UTC").dt.floor("ms")
    told = ran[ran["Attack"]]
    seconds = hours * 3_600.0
    moved, tried, raised = (
        _attack_flows(told, seconds, random),
        _attack_logons(told, hosts),
        _attack_alerts(told),
    )
    signed_in = _together(logons(int(rows * _LOGON_SHARE), hosts, seconds, random), tried)
    warned = _together(alerts(max(3, int(rows * _ALERT_SHARE)), hosts, seconds, random), raised)
    ordinary = rows - len(ran) - len(signed_in) - len(warned) - len(moved)
    sent = _together(flows(max(0, ordinary), hosts, seconds, random), moved)
    return Incident(ran, sent, signed_in, warned, _story(told, moved, tried, raised))


def _together(ordinary: pd.DataFrame, attack: pd.DataFrame) -> pd.DataFrame:
    every = pd.concat([ordinary, attack])
    every["TimeGenerated"] = every["TimeGenerated"].dt.floor("ms")
    return every.sort_values("TimeGenerated", kind="stable", ignore_index=True)


def _when(told: pd.DataFrame, image: str) -> pd.Timestamp:
    """Return when the attack's program of that name started."""
    times = told.loc[told["NewProcessName"].str.lower().str.endswith(image), "TimeGenerated"]
    return pd.Timestamp(times.iloc[0])


def _attack_flows(told: pd.DataFrame, seconds: float, random: np.random.Generator) -> pd.DataFrame:
    """Return the download, the beacons of both hosts, and the jump between them."""
    begin, jump = _when(told, "powershell.exe"), _when(told, "wmic.exe")
    end = DAY_START + pd.Timedelta(seconds=seconds)
    second = pd.Timedelta(seconds=1)
    rows = [
        (begin + second, 0, _SERVER, 443, 1_204),
        (jump + second, 0, address(1), 135, 4_310),
        (jump + 2 * second, 0, address(1), 445, 861_220),
    ]
    for host, start in ((0, _when(told, "rundll32.exe")), (1, _when(told, "update.exe"))):
        count = max(1, min(_MOST_BEACONS, int((end - start).total_seconds() / _BEACON_SECONDS)))
        late = random.uniform(-2.0, 2.0, count)
        for number in range(count):
            when = start + pd.Timedelta(seconds=5 + number * _BEACON_SECONDS + late[number])
            rows.append((when, host, _SERVER, _BEACON_PORT, int(random.integers(4_090, 4_102))))
    frame = pd.DataFrame(
        rows, columns=["TimeGenerated", "host", "DestinationIP", "DestinationPort", "BytesSent"]
    )
    frame.insert(1, "SourceHost", [f"host-{host + 1:04}" for host in frame["host"]])
    frame.insert(2, "SourceIP", [address(host) for host in frame["host"]])
    return frame.drop(columns="host").assign(Protocol="TCP", Attack=True)


def _attack_logons(told: pd.DataFrame, hosts: int) -> pd.DataFrame:
    """Return the stolen account's tries on every host but its own, of which the second host lets it in."""
    jump = _when(told, "wmic.exe")
    targets = [*range(2, min(hosts, 12)), 1]
    return pd.DataFrame(
        {
            "TimeGenerated": [
                jump - pd.Timedelta(seconds=len(targets) - place) for place in range(len(targets))
            ],
            "Computer": [f"host-{host + 1:04}" for host in targets],
            "EventID": [_SUCCESS if host == 1 else _FAILURE for host in targets],
            "TargetUserName": "user0001",
            "LogonType": 3,
            "IpAddress": address(0),
            "Attack": True,
        }
    )


def _attack_alerts(told: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "TimeGenerated": [
                _when(told, "powershell.exe") + pd.Timedelta(seconds=40),
                _when(told, "vssadmin.exe") + pd.Timedelta(seconds=20),
            ],
            "AlertName": ["Encoded PowerShell command", "Shadow copies deleted"],
            "AlertSeverity": ["Medium", "High"],
            "CompromisedEntity": ["host-0001", "host-0002"],
            "ProviderName": "Endpoint",
            "Attack": True,
        }
    )


def _story(
    told: pd.DataFrame, moved: pd.DataFrame, tried: pd.DataFrame, raised: pd.DataFrame
) -> pd.DataFrame:
    """Say what happened, a row a step; of many flows to one place the first."""
    first = moved.drop_duplicates(["SourceHost", "DestinationIP", "DestinationPort"])
    where = first["DestinationIP"] + ":" + first["DestinationPort"].astype(str)
    again = np.where(first["DestinationPort"] == _BEACON_PORT, ", again and again", "")
    in_or_not = np.where(tried["EventID"] == _SUCCESS, " let in ", " refused ")
    steps = [
        _steps(told["TimeGenerated"], told["Computer"], "processes", "started " + told["CommandLine"]),
        _steps(first["TimeGenerated"], first["SourceHost"], "network_flows", "sent to " + where + again),
        _steps(tried["TimeGenerated"], tried["Computer"], "logons", in_or_not + tried["TargetUserName"]),
        _steps(raised["TimeGenerated"], raised["CompromisedEntity"], "alerts", raised["AlertName"]),
    ]
    return pd.concat(steps).sort_values("time", kind="stable", ignore_index=True)


def _steps(time: Any, host: Any, table: str, what: Any) -> pd.DataFrame:
    return pd.DataFrame({"time": time.dt.floor("ms"), "host": host, "table": table, "what": what.str.strip()})
