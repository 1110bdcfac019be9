r"""What the simulated Windows hosts run: a small, invented catalogue of programs and of what they start.

The proportions follow public attack-lab recordings: most processes are short, half of them hang below services and
`svchost.exe`, console programs bring a `conhost.exe`, and about one in two parents was started before recording began.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ATTACK", "BOOT", "PROFILES", "Profile"]

_SYSTEM32 = "C:\\Windows\\System32\\"


@dataclass(frozen=True, slots=True)
class Profile:
    """One program.

    Parameters
    ----------
    path
        Its image.
    command
        Its command line; ``{n}`` stands for a number that varies.
    account
        ``system``, ``service`` or ``user``.
    seconds
        Median lifetime; None if it runs until the host stops.
    starts
        What it starts: the name of a profile and how many on average, in its whole life or, where it runs until
        the host stops, in an hour.
    """

    path: str
    command: str
    account: str = "system"
    seconds: float | None = 5.0
    starts: tuple[tuple[str, float], ...] = ()


def _service(group: str, *starts: tuple[str, float], account: str = "system") -> Profile:
    path = f"{_SYSTEM32}svchost.exe"
    return Profile(path, f"{path} -k {group}", account, None, starts)


PROFILES: dict[str, Profile] = {
    "System": Profile("System", "", seconds=None),
    "smss": Profile(f"{_SYSTEM32}smss.exe", "\\SystemRoot\\System32\\smss.exe", seconds=None),
    "csrss": Profile(f"{_SYSTEM32}csrss.exe", "%SystemRoot%\\system32\\csrss.exe", seconds=None),
    "wininit": Profile(f"{_SYSTEM32}wininit.exe", "wininit.exe", seconds=None),
    "lsass": Profile(f"{_SYSTEM32}lsass.exe", f"{_SYSTEM32}lsass.exe", seconds=None),
    "services": Profile(
        f"{_SYSTEM32}services.exe",
        f"{_SYSTEM32}services.exe",
        seconds=None,
        starts=(("trusted_installer", 0.3), ("short_service", 3.0)),
    ),
    "winlogon": Profile(f"{_SYSTEM32}winlogon.exe", "winlogon.exe", seconds=None),
    "dcom": _service("DcomLaunch -p", ("wmi_host", 4.0), ("dllhost", 5.0), ("runtime_broker", 3.0)),
    "schedule": _service(
        "netsvcs -p -s Schedule", ("task_host", 5.0), ("powershell_task", 1.5), ("updater", 2.0)
    ),
    "netsvcs": _service("netsvcs -p", ("wuauclt", 0.5), ("gpupdate", 1.0)),
    "local_service": _service("LocalServiceNetworkRestricted", ("audiodg", 0.5), account="service"),
    "network_service": _service("NetworkService -p", account="service"),
    "search_indexer": Profile(
        f"{_SYSTEM32}SearchIndexer.exe",
        f"{_SYSTEM32}SearchIndexer.exe /Embedding",
        seconds=None,
        starts=(("search_protocol", 4.0), ("search_filter", 4.0)),
    ),
    "agent": Profile(
        "C:\\Program Files\\Contoso Agent\\agent.exe",
        '"C:\\Program Files\\Contoso Agent\\agent.exe" --service',
        seconds=None,
        starts=(("cmd_agent", 12.0), ("logman", 4.0)),
    ),
    "explorer": Profile(
        "C:\\Windows\\explorer.exe",
        "C:\\Windows\\Explorer.EXE",
        "user",
        None,
        (
            ("browser", 2.0),
            ("word", 0.6),
            ("outlook", 0.2),
            ("cmd_user", 0.4),
            ("notepad", 0.6),
            ("teams", 0.1),
        ),
    ),
    "wmi_host": Profile(f"{_SYSTEM32}wbem\\WmiPrvSE.exe", "wmiprvse.exe -Embedding", "service", 300.0),
    "dllhost": Profile(f"{_SYSTEM32}dllhost.exe", "DllHost.exe /Processid:{{AB8902B4-{n}}}", "user", 20.0),
    "runtime_broker": Profile(f"{_SYSTEM32}RuntimeBroker.exe", "RuntimeBroker.exe -Embedding", "user", 900.0),
    "short_service": _service("appmodel -p -s StateRepository"),
    "trusted_installer": Profile(
        "C:\\Windows\\servicing\\TrustedInstaller.exe",
        "TrustedInstaller.exe",
        seconds=200.0,
        starts=(("ti_worker", 1.0),),
    ),
    "ti_worker": Profile(
        "C:\\Windows\\WinSxS\\servicing\\TiWorker.exe", "TiWorker.exe -Embedding", seconds=180.0
    ),
    "task_host": Profile(f"{_SYSTEM32}taskhostw.exe", "taskhostw.exe Task{n}", "user", 30.0),
    "powershell_task": Profile(
        f"{_SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe",
        "powershell.exe -NonInteractive -File C:\\Scripts\\inventory.ps1 -Batch {n}",
        seconds=12.0,
        starts=(("conhost", 1.0), ("csc", 0.3)),
    ),
    "updater": Profile(
        "C:\\Program Files (x86)\\Contoso\\Update\\updater.exe",
        '"C:\\Program Files (x86)\\Contoso\\Update\\updater.exe" /ua /installsource {n}',
        seconds=8.0,
        starts=(("updater_core", 0.5),),
    ),
    "updater_core": Profile(
        "C:\\Program Files (x86)\\Contoso\\Update\\core.exe", '"core.exe" -run {n}', seconds=4.0
    ),
    "csc": Profile(
        "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\csc.exe",
        '"csc.exe" /noconfig @"C:\\Windows\\TEMP\\{n}.cmdline"',
        seconds=0.4,
        starts=(("conhost", 1.0), ("cvtres", 1.0)),
    ),
    "cvtres": Profile(
        "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\cvtres.exe", "cvtres.exe {n}", seconds=0.1
    ),
    "wuauclt": Profile(f"{_SYSTEM32}wuauclt.exe", "wuauclt.exe /UpdateDeploymentProvider {n}", seconds=60.0),
    "gpupdate": Profile(
        f"{_SYSTEM32}gpupdate.exe", "gpupdate.exe /target:computer", "service", 6.0, (("conhost", 1.0),)
    ),
    "audiodg": Profile(f"{_SYSTEM32}audiodg.exe", "AUDIODG.EXE 0x{n}", "service", 600.0),
    "search_protocol": Profile(
        f"{_SYSTEM32}SearchProtocolHost.exe", '"SearchProtocolHost.exe" Global\\{n}', seconds=120.0
    ),
    "search_filter": Profile(
        f"{_SYSTEM32}SearchFilterHost.exe", '"SearchFilterHost.exe" 0 {n}', seconds=110.0
    ),
    "cmd_agent": Profile(
        f"{_SYSTEM32}cmd.exe",
        'cmd.exe /c "C:\\Program Files\\Contoso Agent\\check.bat" {n}',
        seconds=1.5,
        starts=(("conhost", 1.0), ("netstat", 0.5), ("tasklist", 0.5), ("wmic", 0.3)),
    ),
    "cmd_user": Profile(
        f"{_SYSTEM32}cmd.exe",
        '"C:\\Windows\\system32\\cmd.exe"',
        "user",
        400.0,
        (("conhost", 1.0), ("ping", 1.2), ("ipconfig", 0.4), ("git", 2.0)),
    ),
    "logman": Profile(
        f"{_SYSTEM32}logman.exe", '"logman.exe" stop Events{n}', seconds=0.3, starts=(("conhost", 1.0),)
    ),
    "netstat": Profile(f"{_SYSTEM32}NETSTAT.EXE", "netstat -ano", seconds=0.5),
    "tasklist": Profile(f"{_SYSTEM32}tasklist.exe", "tasklist /v", seconds=0.5),
    "wmic": Profile(f"{_SYSTEM32}wbem\\WMIC.exe", "wmic os get {n}", seconds=0.7),
    "ping": Profile(f"{_SYSTEM32}PING.EXE", "ping -n 4 10.0.0.{n}", "user", 4.0),
    "ipconfig": Profile(f"{_SYSTEM32}ipconfig.exe", "ipconfig /all", "user", 0.2),
    "git": Profile("C:\\Program Files\\Git\\cmd\\git.exe", "git log -n {n}", "user", 0.6),
    "conhost": Profile(
        f"{_SYSTEM32}conhost.exe",
        "\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1",
        seconds=None,
    ),
    "browser": Profile(
        "C:\\Program Files\\Browser\\browser.exe",
        '"C:\\Program Files\\Browser\\browser.exe"',
        "user",
        1_800.0,
        (("browser_tab", 6.0),),
    ),
    "browser_tab": Profile(
        "C:\\Program Files\\Browser\\browser.exe",
        '"browser.exe" --type=renderer --client-id={n}',
        "user",
        300.0,
    ),
    "word": Profile(
        "C:\\Program Files\\Office\\WINWORD.EXE",
        '"WINWORD.EXE" /n "C:\\Docs\\report {n}.docx"',
        "user",
        1_200.0,
        (("splwow", 0.2),),
    ),
    "splwow": Profile("C:\\Windows\\splwow64.exe", "splwow64.exe {n}", "user", 60.0),
    "outlook": Profile(
        "C:\\Program Files\\Office\\OUTLOOK.EXE", '"OUTLOOK.EXE"', "user", 7_200.0, (("word", 0.5),)
    ),
    "notepad": Profile(f"{_SYSTEM32}notepad.exe", "notepad.exe C:\\Docs\\note{n}.txt", "user", 200.0),
    "teams": Profile(
        "C:\\Program Files\\Chat\\chat.exe", '"chat.exe"', "user", 10_000.0, (("chat_helper", 4.0),)
    ),
    "chat_helper": Profile("C:\\Program Files\\Chat\\chat.exe", '"chat.exe" --type=gpu {n}', "user", 9_000.0),
}

# What runs on every host from the start: profile and the one that starts it.
BOOT: tuple[tuple[str, str | None], ...] = (
    ("System", None),
    ("smss", "System"),
    ("csrss", "smss"),
    ("wininit", "smss"),
    ("services", "wininit"),
    ("lsass", "wininit"),
    ("winlogon", "smss"),
    ("dcom", "services"),
    ("schedule", "services"),
    ("netsvcs", "services"),
    ("local_service", "services"),
    ("network_service", "services"),
    ("search_indexer", "services"),
    ("agent", "services"),
    ("explorer", "winlogon"),
)

# The attack that can be planted: what starts what (a place in this list, or the name of a running program), the host
# (0 the first, 1 the second), and the image and command line. All names and addresses are invented.
ATTACK: tuple[tuple[int | str, int, str, str], ...] = (
    (
        "explorer",
        0,
        "C:\\Program Files\\Office\\WINWORD.EXE",
        '"WINWORD.EXE" /n "C:\\Users\\Public\\invoice.docm"',
    ),
    (0, 0, f"{_SYSTEM32}cmd.exe", "cmd.exe /c powershell -nop -w hidden -enc SQBFAFgA"),
    (1, 0, f"{_SYSTEM32}conhost.exe", "\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1"),
    (1, 0, f"{_SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe", "powershell -nop -w hidden -enc SQBFAFgA"),
    (3, 0, f"{_SYSTEM32}whoami.exe", "whoami /all"),
    (3, 0, f"{_SYSTEM32}nltest.exe", "nltest /dclist:contoso"),
    (3, 0, f"{_SYSTEM32}rundll32.exe", "rundll32.exe C:\\Users\\Public\\update.dll,Start"),
    (6, 0, f"{_SYSTEM32}wbem\\WMIC.exe", "wmic /node:host-0002 process call create update.exe"),
    ("dcom", 1, f"{_SYSTEM32}wbem\\WmiPrvSE.exe", "wmiprvse.exe -secured -Embedding"),
    (8, 1, "C:\\Users\\Public\\update.exe", "update.exe -s"),
    (9, 1, f"{_SYSTEM32}vssadmin.exe", "vssadmin delete shadows /all /quiet"),
)
