"""All fake clouds together: names, certificates, and the environment of other processes."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from fakecloud.az import write_program
from fakecloud.certificates import write_certificates
from fakecloud.cloud import FakeCloud
from fakecloud.hosts import HOSTS
from fakecloud.redirect import VARIABLE, Redirect, install_from_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_HERE = Path(__file__).resolve().parent
_EXAMPLES = _HERE.parents[1].parent / "shared" / "azure-examples"
_SIGNED_IN = "HUNTBOOK_FAKE_AZURE_CLOUD"
_IMDS = "169.254.169.254"


class FakeAzure:
    """Every fake cloud, under its real host names.

    Parameters
    ----------
    folder
        Where certificates, tables and stubs are written.
    machine
        The cloud whose virtual machine this is: its managed identity answers at the real address of IMDS.
        None: not a machine in Azure.
    """

    def __init__(self, folder: Path, *, machine: str | None = None) -> None:
        self.folder = folder
        names = [host for hosts in HOSTS.values() for host in (*hosts.exact, f"*.{hosts.key_vault}")]
        self.ca, certificate = write_certificates(folder, names)
        examples = _EXAMPLES if _EXAMPLES.is_dir() else None
        self.clouds = {name: FakeCloud(hosts, certificate, examples) for name, hosts in HOSTS.items()}
        exact = {host: cloud.port for cloud in self.clouds.values() for host in cloud.hosts.exact}
        if machine is not None:
            exact[_IMDS] = self.clouds[machine].plain_port
        suffixes = {cloud.hosts.key_vault: cloud.port for cloud in self.clouds.values()}
        self.redirect = Redirect(exact, suffixes, folder / "strays.txt")
        self.redirect.save(folder / "redirect.json")

    def __getitem__(self, name: str) -> FakeCloud:
        return self.clouds[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop every fake."""
        for cloud in self.clouds.values():
            cloud.close()

    @property
    def strays(self) -> list[str]:
        """Every name outside the fakes that anyone asked for."""
        return self.redirect.strays

    @property
    def hidden(self) -> set[str]:
        """Every token, secret and code that must appear in no log and no output."""
        return {value for cloud in self.clouds.values() for value in cloud.hidden}

    def others(self, name: str) -> list[str]:
        """Return what the clouds beside `name` saw: must be empty."""
        return [
            f"{cloud.hosts.name}: {request}"
            for cloud in self.clouds.values()
            if cloud.hosts.name != name
            for request in cloud.requests
        ]

    @contextlib.contextmanager
    def redirected(self) -> Iterator[FakeAzure]:
        """Send this process's names to the fakes for a while."""
        with self.redirect.installed():
            yield self

    def write_program(self, name: str, *, default: str = "AzureCloud") -> Path:
        """Write a stub of ``az`` or ``pwsh``; return the folder to put first on PATH."""
        ports = {cloud.hosts.arm_name: cloud.plain_port for cloud in self.clouds.values()}
        return write_program(self.folder / "bin" / name, ports=ports, default=default).parent

    def signed_in(self, cloud: str) -> dict[str, str]:
        """Return the variables that put a stub of az first, signed in to `cloud`."""
        name = self.clouds[cloud].hosts.arm_name
        programs = self.write_program("az", default=name)
        config = self.folder / "azure-config"
        config.mkdir(exist_ok=True)
        (config / "config").write_text(f"[cloud]\nname = {name}\n", encoding="utf-8")
        return {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "AZURE_CONFIG_DIR": str(config),
            _SIGNED_IN: cloud,
        }

    def environment(self) -> dict[str, str]:
        """Return the variables that another Python process needs to see the fakes."""
        before = os.environ.get("PYTHONPATH", "")
        path = [str(_HERE / "site"), str(_HERE.parent), *([before] if before else [])]
        return {
            VARIABLE: str(self.folder / "redirect.json"),
            "REQUESTS_CA_BUNDLE": str(self.ca),
            "SSL_CERT_FILE": str(self.ca),
            "PYTHONPATH": os.pathsep.join(path),
            "BROWSER": f"{sys.executable} {_HERE / 'browser.py'} %s",
        }


def start(cloud: str = "usgov") -> str:
    """Put the fakes behind the real names for the rest of this process, for notebooks; return where az is signed in.

    A process that was started inside the fakes stays in the cloud that was named there.
    """
    if os.environ.get(VARIABLE):
        return os.environ.get(_SIGNED_IN, cloud)
    folder = tempfile.TemporaryDirectory(prefix="huntbook-fake-azure-")
    fake = FakeAzure(Path(folder.name))
    os.environ |= {**fake.environment(), **fake.signed_in(cloud)}
    install_from_environment()
    atexit.register(folder.cleanup)
    atexit.register(fake.close)
    return cloud
