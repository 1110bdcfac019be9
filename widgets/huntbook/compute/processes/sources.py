"""The recorders of process events that huntbook knows, and the names that their columns arrive under."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["EVENT_COLUMNS", "SOURCES", "Source"]

_HOST = ("Computer", "Hostname", "DeviceName", "ComputerName", "host.name", "host_name", "hostname")
_TIME = ("TimeGenerated", "TimeCreated", "EventTime", "@timestamp")
_EVENT = ("EventID", "EventId", "event_id", "event.code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One recorder: for each field of a schema the column names to look for, the best first.

    Parameters
    ----------
    name
        The word by which the source is chosen.
    title
        What people call it.
    roles
        Field of the schema to candidate columns.
    fixed
        Fields that are no columns, such as the number of the event.
    """

    name: str
    title: str
    roles: Mapping[str, tuple[str, ...]]
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def missing(self, present: frozenset[str], required: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the required fields of which the frame has no candidate column."""
        return {role: self.roles[role] for role in required if not present.intersection(self.roles[role])}

    def resolve(self, present: frozenset[str]) -> dict[str, Any] | None:
        """Return the schema's fields with the columns that are there, or None if a required one is not."""
        found: dict[str, Any] = {
            role: next(column for column in candidates if column in present)
            for role, candidates in self.roles.items()
            if present.intersection(candidates)
        }
        if self.missing(present, ("process_name", "process_id", "parent_id", "time_stamp")):
            return None
        return {**found, **self.fixed}


WINDOWS_4688 = Source(
    name="windows_4688",
    title="Windows security event 4688",
    roles={
        "process_name": ("NewProcessName",),
        "process_id": ("NewProcessId",),
        "parent_id": ("ProcessId", "CreatorProcessId"),
        "parent_name": ("ParentProcessName", "CreatorProcessName"),
        "time_stamp": _TIME,
        "cmd_line": ("CommandLine", "ProcessCommandLine"),
        "user_name": ("SubjectUserName",),
        "user_id": ("SubjectUserSid",),
        "logon_id": ("SubjectLogonId",),
        "target_logon_id": ("TargetLogonId",),
        "host_name_column": _HOST,
        "event_id_column": _EVENT,
        "exit_process_id": ("ProcessId",),
    },
    fixed={"event_id_identifier": 4688, "exit_event_identifier": 4689},
)

LINUX_AUDITD = Source(
    name="linux_auditd",
    title="Linux auditd execve",
    roles={
        "process_name": ("exe",),
        "process_id": ("pid",),
        "parent_id": ("ppid",),
        "time_stamp": _TIME,
        "cmd_line": ("cmdline", "proctitle"),
        "user_name": ("acct",),
        "user_id": ("uid",),
        "logon_id": ("ses",),
        "host_name_column": _HOST,
        "event_id_column": ("EventType",),
    },
    fixed={"path_separator": "/", "event_id_identifier": "SYSCALL_EXECVE"},
)

SYSMON = Source(
    name="sysmon",
    title="Sysmon event 1",
    roles={
        "process_name": ("Image",),
        "process_id": ("ProcessId",),
        "parent_id": ("ParentProcessId",),
        "parent_name": ("ParentImage",),
        "time_stamp": ("UtcTime", *_TIME),
        "cmd_line": ("CommandLine",),
        "parent_cmd_line": ("ParentCommandLine",),
        "user_name": ("User",),
        "parent_user_name": ("ParentUser",),
        "logon_id": ("LogonId",),
        "host_name_column": _HOST,
        "process_guid": ("ProcessGuid",),
        "parent_guid": ("ParentProcessGuid",),
        "event_id_column": _EVENT,
    },
    fixed={"event_id_identifier": 1, "exit_event_identifier": 5},
)

MDE_INTERNAL = Source(
    name="mde_internal",
    title="Defender for Endpoint, internal names",
    roles={
        "process_name": ("CreatedProcessName",),
        "process_id": ("CreatedProcessId",),
        "parent_id": ("CreatedProcessParentId",),
        "parent_name": ("CreatedProcessParentName",),
        "parent_time": ("CreatedProcessParentCreationTimeUtc",),
        "time_stamp": ("CreatedProcessCreationTime",),
        "cmd_line": ("CreatedProcessCommandLine",),
        "user_name": ("CreatedProcessAccountName",),
        "user_id": ("CreatedProcessAccountSid",),
        "logon_id": ("InitiatingProcessLogonId",),
        "target_logon_id": ("LogonId",),
        "host_name_column": ("ComputerDnsName", "MachineId"),
    },
)

MDE_PUBLIC = Source(
    name="mde_public",
    title="Defender for Endpoint, DeviceProcessEvents",
    roles={
        "process_name": ("FileName",),
        "process_id": ("ProcessId",),
        "parent_id": ("InitiatingProcessId",),
        "parent_name": ("InitiatingProcessFileName",),
        "parent_time": ("InitiatingProcessCreationTime",),
        "parent_cmd_line": ("InitiatingProcessCommandLine",),
        "parent_user_name": ("InitiatingProcessAccountName",),
        "time_stamp": ("ProcessCreationTime", "Timestamp", "TimeGenerated"),
        "cmd_line": ("ProcessCommandLine",),
        "user_name": ("AccountName",),
        "user_id": ("AccountSid",),
        "logon_id": ("InitiatingProcessLogonId",),
        "target_logon_id": ("LogonId",),
        "host_name_column": ("DeviceName", "DeviceId"),
        "event_id_column": ("ActionType",),
    },
    fixed={"event_id_identifier": "ProcessCreated"},
)

OSQUERY = Source(
    name="osquery",
    title="osquery process events",
    roles={
        "process_name": ("name", "path"),
        "process_id": ("pid",),
        "parent_id": ("parent",),
        "time_stamp": ("calendarTime", *_TIME),
        "cmd_line": ("cmdline",),
        "parent_cmd_line": ("pcmdline",),
        "user_name": ("username",),
        "user_id": ("uid",),
        "host_name_column": ("hostIdentifier", *_HOST),
    },
    fixed={"path_separator": "/"},
)

FIREEYE_HX = Source(
    name="fireeye_hx",
    title="FireEye HX process event",
    roles={
        "process_name": ("process",),
        "process_id": ("pid",),
        "parent_id": ("parentpid",),
        "parent_name": ("parentprocess",),
        "time_stamp": ("starttime",),
        "cmd_line": ("processcmdline",),
        "user_name": ("username",),
        "host_name_column": ("hostname",),
        "event_id_column": ("eventtype",),
    },
    fixed={"event_id_identifier": "start"},
)

VOLATILITY = Source(
    name="volatility",
    title="Volatility pstree or pslist",
    roles={
        "process_name": ("ImageFileName",),
        "process_id": ("PID",),
        "parent_id": ("PPID",),
        "time_stamp": ("CreateTime",),
        "exit_time": ("ExitTime",),
        "cmd_line": ("Cmd",),
        "logon_id": ("SessionId",),
        "host_name_column": _HOST,
    },
)

ELASTIC_ECS = Source(
    name="ecs",
    title="Elastic Common Schema, process.*",
    roles={
        "process_name": ("process.executable", "process.name"),
        "process_id": ("process.pid",),
        "parent_id": ("process.parent.pid", "process.ppid"),
        "parent_name": ("process.parent.executable", "process.parent.name"),
        "parent_time": ("process.parent.start",),
        "parent_cmd_line": ("process.parent.command_line",),
        "parent_user_name": ("process.parent.user.name",),
        "time_stamp": ("process.start", "@timestamp"),
        "cmd_line": ("process.command_line",),
        "user_name": ("user.name", "process.user.name"),
        "user_id": ("user.id", "process.user.id"),
        "host_name_column": ("host.name", "host.id", "host.hostname"),
        "process_guid": ("process.entity_id",),
        "parent_guid": ("process.parent.entity_id",),
        "exit_time": ("process.end",),
        "event_id_column": ("event.action",),
    },
    fixed={
        "path_separator": "/",
        "event_id_identifier": ("start", "exec", "fork", "process_started", "executed", "Process Create"),
        "exit_event_identifier": ("end", "exit", "process_stopped", "Process terminated"),
    },
)

SOURCES: tuple[Source, ...] = (
    WINDOWS_4688,
    LINUX_AUDITD,
    SYSMON,
    MDE_INTERNAL,
    MDE_PUBLIC,
    OSQUERY,
    FIREEYE_HX,
    VOLATILITY,
    ELASTIC_ECS,
)

# Every column that may say of what kind an event is.
EVENT_COLUMNS: tuple[str, ...] = tuple(
    dict.fromkeys(column for source in SOURCES for column in source.roles.get("event_id_column", ()))
)
