"""A simulated fleet of Windows hosts and the process events that it would record, with the truth beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.errors import OptionError
from huntbook.simulated.columns import text
from huntbook.simulated.profiles import ATTACK, BOOT, PROFILES

if TYPE_CHECKING:
    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]
    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]
    Words = tuple[list[str], IntArray]

__all__ = ["processes"]

_BEGIN = pd.Timestamp("2026-03-02 08:00")
_NAMES = tuple(PROFILES)
_PLACE = {name: place for place, name in enumerate(_NAMES)}
_VARIANTS = 200
_GENERATIONS = 8
# Windows hands out few distinct ids again and again: this many are in turn on each host.
_IDS_IN_TURN = 600
_ID_RANGE = 2_999
_EXITS_RECORDED = 0.85
_STARTS_RECORDED = 0.99
_BOOT_RECORDED = 0.4
_DELAYED = 0.01


@dataclass(slots=True)
class _Fleet:
    """Every process that ran, recorded or not; times in seconds."""

    profile: IntArray
    host: IntArray
    parent: IntArray
    start: FloatArray
    end: FloatArray
    command: IntArray

    def take(self, which: IntArray, parents: IntArray) -> _Fleet:
        """Return the chosen processes; `parents` translates the numbers of parents."""
        parent = np.where(self.parent >= 0, parents[self.parent], -1)[which]
        return _Fleet(
            self.profile[which],
            self.host[which],
            parent,
            self.start[which],
            self.end[which],
            self.command[which],
        )


def processes(*, hosts: int = 20, hours: float = 24.0, seed: int = 0, attack: bool = True) -> pd.DataFrame:
    """Simulate the process events of a fleet, in the columns of Windows security events 4688 and 4689.

    Process ids are reused heavily, about half the hosts were started before recording began, one start in a hundred
    and one exit in seven is lost, and one event in a hundred is stamped up to a fifth of a second late. An ordinary
    host starts some 100 processes an hour.

    Parameters
    ----------
    hosts
        Number of hosts; default 20.
    hours
        Length of the record; default 24.
    seed
        The same seed gives the same frame.
    attack
        Plant one attack that crosses from the first host to the second (or stays on the only one).

    Returns
    -------
    pandas.DataFrame
        Columns TimeGenerated, Computer, EventID (4688 or 4689), NewProcessName, NewProcessId, ProcessId,
        ParentProcessName, CommandLine, SubjectUserName, SubjectLogonId, TargetLogonId, as Windows writes them; and
        the truth, for scoring only: TrueProcess and TrueParent (numbers that no process shares; the parent's is -1
        for the first process of a host) and Attack (whether the event belongs to the planted attack).

    Raises
    ------
    OptionError
        `hosts` or `hours` is not positive.

    Examples
    --------
    >>> processes(hosts=2, hours=1.0, seed=7)["Computer"].nunique()
    2
    """
    if hosts < 1 or hours <= 0:
        raise OptionError(f"hosts={hosts!r}, hours={hours!r}: both must be more than zero.")
    random = np.random.default_rng(seed)
    fleet = _grow(_boot(hosts, random), hours * 3_600.0, random)
    order = np.lexsort((fleet.start, fleet.host))
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    fleet = fleet.take(order, places)
    planted = _plant(fleet, hosts, hours * 3_600.0) if attack else []
    return _recorded(fleet, _process_ids(fleet, random), hosts, random, planted)


def _boot(hosts: int, random: np.random.Generator) -> _Fleet:
    count = len(BOOT)
    place = {name: number for number, (name, _) in enumerate(BOOT)}
    parents = np.array([place[above] if above else -1 for _, above in BOOT])
    first = np.arange(hosts) * count
    starts = np.linspace(-60.0, -5.0, count)[None, :] + random.random((hosts, 1))
    return _Fleet(
        profile=np.tile([_PLACE[name] for name, _ in BOOT], hosts),
        host=np.repeat(np.arange(hosts), count),
        parent=np.where(parents[None, :] >= 0, parents[None, :] + first[:, None], -1).ravel(),
        start=starts.ravel(),
        end=np.full(hosts * count, np.inf),
        command=np.zeros(hosts * count, dtype=np.int64),
    )


def _grow(fleet: _Fleet, seconds: float, random: np.random.Generator) -> _Fleet:
    """Let every generation start the next."""
    parts, offset, young = [fleet], 0, fleet
    for _ in range(_GENERATIONS):
        following = _children(young, offset, seconds, random)
        offset += len(young.profile)
        if not len(following.profile):
            break
        parts.append(following)
        young = following
    names = ("profile", "host", "parent", "start", "end", "command")
    return _Fleet(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _children(parents: _Fleet, offset: int, seconds: float, random: np.random.Generator) -> _Fleet:
    found: list[tuple[IntArray, IntArray, FloatArray, FloatArray]] = []
    for place, name in enumerate(_NAMES):
        of_kind = np.flatnonzero(parents.profile == place)
        endless = PROFILES[name].seconds is None
        for child, mean in PROFILES[name].starts if len(of_kind) else ():
            counts = random.poisson(mean * seconds / 3_600.0 if endless else mean, len(of_kind))
            parent = np.repeat(of_kind, counts)
            begin = np.maximum(parents.start[parent], 0.0)
            room = np.minimum(parents.end[parent], seconds) - begin
            # A console comes with its program; other children come some time in its life.
            share = random.random(len(parent)) * (0.02 if child == "conhost" else 0.95)
            start = begin + 0.004 + np.maximum(room - 0.004, 0.0) * share
            life = PROFILES[child].seconds
            if child == "conhost":
                end = parents.end[parent] + 0.001
            elif life is None:
                end = start + random.exponential(600.0, len(parent))
            else:
                end = start + life * random.lognormal(0.0, 1.0, len(parent))
            found.append((np.full(len(parent), _PLACE[child]), parent, start, end))
    if not found:
        found.append((np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0), np.empty(0)))
    profile, parent, start, end = (np.concatenate(part) for part in zip(*found, strict=True))
    kept = start < seconds
    profile, parent, start, end = profile[kept], parent[kept], start[kept], end[kept]
    command = random.integers(0, _VARIANTS, len(profile))
    return _Fleet(profile, parents.host[parent], parent + offset, start, end, command)


def _plant(fleet: _Fleet, hosts: int, seconds: float) -> list[tuple[int, int, float, str, str]]:
    """Return the attack's processes: parent (a negative number counts within the attack), host, start, image, command."""
    begin, planted = seconds * 0.6, []
    for number, (above, host, image, command) in enumerate(ATTACK):
        where = min(host, hosts - 1)
        if isinstance(above, int):
            parent = -above - 2
        else:
            parent = int(np.flatnonzero((fleet.host == where) & (fleet.profile == _PLACE[above]))[0])
        planted.append((parent, where, begin + 7.0 * number, image, command))
    return planted


def _process_ids(fleet: _Fleet, random: np.random.Generator) -> IntArray:
    """Hand out ids in turn on each host; who outlives its turn gets one that is never handed out again."""
    count = len(fleet.host)
    first = np.searchsorted(fleet.host, fleet.host)
    turn = np.arange(count) - first
    # Every host has its own order of ids: a walk around a prime number of them meets none twice in a turn.
    hosts = int(fleet.host.max()) + 1
    step, begin = random.integers(1, _ID_RANGE, (2, hosts))
    ids = 1_000 + 4 * ((step[fleet.host] * (turn % _IDS_IN_TURN) + begin[fleet.host]) % _ID_RANGE)
    following = np.arange(count) + _IDS_IN_TURN
    again = np.where(following < count, following, 0)
    reused = (following < count) & (fleet.host[again] == fleet.host)
    outlives = ~reused & (fleet.end == np.inf) | reused & (fleet.end >= fleet.start[again] - 1.0)
    ids[outlives] = 20_000 + 4 * (turn + begin[fleet.host])[outlives]
    ids[(fleet.parent < 0) | (turn == 0)] = 4
    return np.asarray(ids)


def _recorded(
    fleet: _Fleet,
    ids: IntArray,
    hosts: int,
    random: np.random.Generator,
    planted: list[tuple[int, int, float, str, str]],
) -> pd.DataFrame:
    starts = _start_rows(fleet, ids, hosts, random)
    exits = _exit_rows(fleet, ids, hosts, random)
    attack = _attack_rows(fleet, ids, planted)
    return pd.concat([starts, exits, *attack]).sort_values("TimeGenerated", kind="stable", ignore_index=True)


def _stamp(seconds: FloatArray, random: np.random.Generator) -> pd.DatetimeIndex:
    late = np.where(random.random(len(seconds)) < _DELAYED, random.random(len(seconds)) * 0.2, 0.0)
    return _BEGIN + pd.to_timedelta(np.round((seconds + late) * 1e6).astype(np.int64), unit="us")


def _computers(hosts: int) -> list[str]:
    return [f"host-{number + 1:04}" for number in range(hosts)]


def _hexadecimal(ids: IntArray, none: BoolArray | None = None) -> Any:
    """Return the ids as Windows writes them, 0x0 where there is `none`."""
    codes, uniques = pd.factorize(ids)
    return text(
        [*map(hex, uniques.tolist()), "0x0"], codes if none is None else np.where(none, len(uniques), codes)
    )


def _paths(profile: IntArray, none: BoolArray | None = None) -> Any:
    """Return the images of the profiles, nothing where there is `none`."""
    places = profile if none is None else np.where(none, len(_NAMES), profile)
    return text([*(PROFILES[name].path for name in _NAMES), ""], places)


def _accounts(fleet: _Fleet, hosts: int) -> tuple[Words, Words]:
    """Return the name and the logon session of the account of every process: the words, and the place of each among them."""
    kinds = np.array([("system", "service", "user").index(PROFILES[name].account) for name in _NAMES])
    kind = kinds[fleet.profile]
    # Each host has an account of its own and a user; the service's is called the same on all.
    names = [f"{computer}$" for computer in _computers(hosts)]
    names += [f"user{number + 1:04}" for number in range(hosts)]
    own = np.choose(kind, [fleet.host, np.int64(2 * hosts), hosts + fleet.host])
    sessions = [hex(0x4F000 + 0x31 * number) for number in range(hosts)]
    session = np.choose(kind, [np.int64(hosts), np.int64(hosts + 1), fleet.host])
    return ([*names, "NETWORK SERVICE"], own), ([*sessions, "0x3e7", "0x3e4", "0x0"], session)


def _start_rows(fleet: _Fleet, ids: IntArray, hosts: int, random: np.random.Generator) -> pd.DataFrame:
    boot = fleet.start < 0.0
    seen = random.random(len(boot)) < _STARTS_RECORDED
    seen[boot] = (random.random(hosts) < _BOOT_RECORDED)[fleet.host[boot]]
    rows = np.flatnonzero(seen)
    commands = [PROFILES[name].command.format(n=17 * n + 3) for name in _NAMES for n in range(_VARIANTS)]
    (names, own), (sessions, session) = _accounts(fleet, hosts)
    above = np.maximum(fleet.parent[rows], 0)
    orphan = fleet.parent[rows] < 0
    changed = session[rows] != session[above]
    return pd.DataFrame(
        {
            "TimeGenerated": _stamp(fleet.start[rows], random),
            "Computer": text(_computers(hosts), fleet.host[rows]),
            "EventID": 4688,
            "NewProcessName": _paths(fleet.profile[rows]),
            "NewProcessId": _hexadecimal(ids[rows]),
            "ProcessId": _hexadecimal(ids[above], orphan),
            "ParentProcessName": _paths(fleet.profile[above], orphan),
            "CommandLine": text(commands, fleet.profile[rows] * _VARIANTS + fleet.command[rows]),
            "SubjectUserName": text(names, own[above]),
            "SubjectLogonId": text(sessions, session[above]),
            "TargetLogonId": text(sessions, np.where(changed, session[rows], len(sessions) - 1)),
            "TrueProcess": rows,
            "TrueParent": fleet.parent[rows],
            "Attack": False,
        }
    )


def _exit_rows(fleet: _Fleet, ids: IntArray, hosts: int, random: np.random.Generator) -> pd.DataFrame:
    rows = np.flatnonzero(np.isfinite(fleet.end) & (random.random(len(ids)) < _EXITS_RECORDED))
    (names, own), (sessions, session) = _accounts(fleet, hosts)
    return pd.DataFrame(
        {
            "TimeGenerated": _stamp(fleet.end[rows], random),
            "Computer": text(_computers(hosts), fleet.host[rows]),
            "EventID": 4689,
            "ProcessId": _hexadecimal(ids[rows]),
            "ProcessName": _paths(fleet.profile[rows]),
            "SubjectUserName": text(names, own[rows]),
            "SubjectLogonId": text(sessions, session[rows]),
            "TrueProcess": rows,
            "TrueParent": fleet.parent[rows],
            "Attack": False,
        }
    )


def _attack_rows(
    fleet: _Fleet, ids: IntArray, planted: list[tuple[int, int, float, str, str]]
) -> list[pd.DataFrame]:
    """Return the attack's events; its ids lie beyond those of everything else."""
    if not planted:
        return []
    count, own_ids = len(ids), int(ids.max()) + 4
    rows = []
    for number, (above, host, start, image, command) in enumerate(planted):
        inside = above < 0
        parent = count + (-above - 2) if inside else above
        parent_image = planted[-above - 2][3] if inside else PROFILES[_NAMES[fleet.profile[above]]].path
        account = "system" if host and not inside else "user"
        rows.append(
            {
                "TimeGenerated": _BEGIN + pd.Timedelta(seconds=start),
                "Computer": f"host-{host + 1:04}",
                "EventID": 4688,
                "NewProcessName": image,
                "NewProcessId": hex(own_ids + 4 * number),
                "ProcessId": hex(own_ids + 4 * (-above - 2) if inside else int(ids[above])),
                "ParentProcessName": parent_image,
                "CommandLine": command,
                "SubjectUserName": f"host-{host + 1:04}$" if account == "system" else f"user{host + 1:04}",
                "SubjectLogonId": "0x3e7" if account == "system" else hex(0x4F000 + 0x31 * host),
                "TargetLogonId": "0x0",
                "TrueProcess": count + number,
                "TrueParent": parent,
                "Attack": True,
            }
        )
    return [pd.DataFrame(rows)]
