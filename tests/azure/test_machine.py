from __future__ import annotations

import pytest

from fakecloud import Answer
from huntbook.azure.machine import browser_problem, machine_name, metadata_cloud

DESKTOP = {"DISPLAY": ":0"}


@pytest.mark.parametrize(
    ("environ", "system"),
    [
        (DESKTOP, "linux"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux"),
        ({}, "darwin"),
        ({}, "win32"),
        ({"BROWSER": "code --open-url"}, "linux"),
        ({"SSH_CONNECTION": "1", "BROWSER": "code --open-url"}, "linux"),
    ],
)
def test_a_desktops_browser_is_of_use(environ, system):
    """A display, a desktop system, or a browser that someone set up on purpose."""
    assert browser_problem(environ, system=system) is None


@pytest.mark.parametrize(
    ("environ", "system", "word"),
    [
        ({}, "linux", "no display"),
        ({"SSH_CONNECTION": "1"}, "darwin", "no display"),
        ({**DESKTOP, "JUPYTERHUB_USER": "a"}, "linux", "a JupyterHub"),
        ({"BROWSER": "x", "CODESPACES": "true"}, "linux", "GitHub Codespaces"),
        ({**DESKTOP, "AZUREML_RUN_ID": "r"}, "linux", "Azure Machine Learning"),
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "linux", "a container"),
    ],
)
def test_a_far_machines_browser_is_of_no_use(environ, system, word):
    """Hubs, hosted notebooks, containers and bare servers are recognised and named."""
    assert word in browser_problem(environ, system=system)


def test_the_machine_is_called_by_its_name_and_service(monkeypatch):
    """The user reads which machine is meant."""
    monkeypatch.setattr("platform.node", lambda: "hub-7")
    assert machine_name({"JUPYTERHUB_USER": "a"}) == "hub-7 (a JupyterHub)"


def test_outside_azure_no_metadata_service_answers(azure):
    """On an ordinary machine the question ends at once."""
    assert metadata_cloud() == (False, "")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(body=b"AzureUSGovernmentCloud"), (True, "AzureUSGovernmentCloud")),
        (Answer(status=400, body={}), (True, "")),
        (Answer(status=401), (False, "")),
        (Answer(status=404), (False, "")),
        (Answer(cut=True), (False, "")),
    ],
)
def test_metadata_services_of_other_clouds_are_not_azures(answer, expected, azure):
    """The same address answers on machines of other providers: the status tells them apart."""
    azure.redirect.exact["169.254.169.254"] = azure["usgov"].plain_port
    azure["usgov"].fault("GET 169.254.169.254", answer)
    assert metadata_cloud() == expected
