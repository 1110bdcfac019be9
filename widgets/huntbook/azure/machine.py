"""Where the kernel runs, and whether a browser there is of any use to the person who waits."""

from __future__ import annotations

import http.client
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["browser_problem", "in_notebook", "machine_name", "machine_problem", "metadata_cloud"]

# Variable -> the service whose kernels run far from the browser.
_SERVICES = {
    "JUPYTERHUB_USER": "a JupyterHub",
    "CODESPACES": "GitHub Codespaces",
    "AZUREML_RUN_ID": "Azure Machine Learning",
    "AZUREML_WORKSPACE_ID": "Azure Machine Learning",
    "COLAB_RELEASE_TAG": "Google Colab",
    "BINDER_LAUNCH_HOST": "Binder",
}
_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")
_IDENTITY_VARIABLES = ("IDENTITY_ENDPOINT", "MSI_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST")
_METADATA_HOST = "169.254.169.254"
_METADATA_PATH = "/metadata/instance/compute/azEnvironment?api-version=2019-03-11&format=text"
_PROBE_SECONDS = 1.0
_OK = 200
# Azure's metadata service answers these to the probe; those of other clouds answer otherwise.
_AZURE_ANSWERS = (_OK, 400, 429)


def machine_name(environ: Mapping[str, str] | None = None) -> str:
    """Return what to call the machine that the kernel runs on, such as ``vm (a JupyterHub)``."""
    service = _service(os.environ if environ is None else environ)
    return (
        f"{platform.node() or 'this machine'} ({service})" if service else platform.node() or "this machine"
    )


def _service(environ: Mapping[str, str]) -> str | None:
    for variable, service in _SERVICES.items():
        if environ.get(variable):
            return service
    if environ.get("KUBERNETES_SERVICE_HOST") or any(Path(mark).exists() for mark in _CONTAINER_MARKS):
        return "a container"
    return None


def browser_problem(environ: Mapping[str, str] | None = None, *, system: str = sys.platform) -> str | None:
    """Return why a browser that the kernel opens would be of no use, or None.

    Parameters
    ----------
    environ
        The environment's variables; by default this process's own.
    system
        What `sys.platform` says.
    """
    environ = os.environ if environ is None else environ
    service = _service(environ)
    if service and service != "a container":
        return f"the kernel runs in {service}, so a browser opened there is not yours"
    if environ.get("BROWSER"):
        return None
    where = f"the kernel's machine ({service or 'no desktop'})"
    remote = environ.get("SSH_CONNECTION") and not environ.get("DISPLAY")
    if remote or (
        system.startswith("linux") and not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    ):
        return f"there is no display and so no browser on {where}"
    return None


def metadata_cloud() -> tuple[bool, str]:
    """Ask the machine's own metadata service which Azure cloud it belongs to.

    Returns
    -------
    tuple
        Whether this is a machine in Azure, and the name of its cloud where it says so.
    """
    connection = http.client.HTTPConnection(_METADATA_HOST, timeout=_PROBE_SECONDS)
    try:
        connection.request("GET", _METADATA_PATH, headers={"Metadata": "true"})
        answer = connection.getresponse()
        text = answer.read(200).decode("utf-8", "replace").strip()
    except (OSError, http.client.HTTPException):
        return False, ""
    else:
        is_azure = answer.status in _AZURE_ANSWERS or "IMDS" in (answer.getheader("Server") or "")
        return is_azure, text if answer.status == _OK else ""
    finally:
        connection.close()


def machine_problem() -> tuple[str, str]:
    """Return why this machine has no managed identity (empty if it may), and its cloud's name if known."""
    if any(os.environ.get(name) for name in _IDENTITY_VARIABLES):
        return "", ""
    is_azure, cloud = metadata_cloud()
    return ("" if is_azure else "this is not a machine in Azure: no identity service answers"), cloud


def in_notebook() -> bool:
    """Return whether a Jupyter kernel runs this, without importing IPython for the answer."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None
