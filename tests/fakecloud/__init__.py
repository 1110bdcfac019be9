"""A fake Azure on 127.0.0.1 that the unmodified Azure libraries talk to under the clouds' real host names.

`FakeAzure` runs one `FakeCloud` for each of the four old clouds and for a custom one. Name resolution is
redirected: the clouds' hosts lead to their fakes, every other name is refused and noted. Each fake logs its
requests, rejects tokens of another audience as Azure does, and takes injected faults.

In this process::

    with FakeAzure(tmp_path) as azure, azure.redirected():
        ...
        assert azure["usgov"].requests
        assert not azure.strays

In another process, start it with `azure.environment()` merged into its environment.
In a notebook: ``fakecloud.start()``.
For a person: ``python -m fakecloud --cloud usgov -- jupyter lab`` (with ``tests`` on PYTHONPATH).
"""

from __future__ import annotations

from fakecloud.azure import FakeAzure, start
from fakecloud.cloud import FakeCloud
from fakecloud.server import Answer, Request

__all__ = ["Answer", "FakeAzure", "FakeCloud", "Request", "start"]
