"""Simulated flows."""

from __future__ import annotations

import ipaddress

import pandas as pd
import pytest

from huntbook import samples
from huntbook.errors import OptionError

DOCUMENTATION = [ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]


def test_the_same_seed_gives_the_same_flows():
    """And another seed others."""
    first = samples.network_flows(rows=500)
    pd.testing.assert_frame_equal(first, samples.network_flows(rows=500))
    assert not first.equals(samples.network_flows(rows=500, seed=1))


@pytest.mark.parametrize("rows", [1, 2, 999, 10_000])
def test_there_are_as_many_rows_as_asked_sorted_by_time(rows):
    """With the columns that the docstring names."""
    flows = samples.network_flows(rows=rows)
    assert len(flows) == rows
    assert flows["TimeGenerated"].is_monotonic_increasing
    assert flows.columns.tolist() == [
        "TimeGenerated",
        "SourceIP",
        "DestinationIP",
        "DestinationPort",
        "Protocol",
        "BytesSent",
    ]


def test_addresses_are_private_or_kept_for_documentation():
    """No address belongs to anyone."""
    flows = samples.network_flows()
    assert all(address.startswith("10.4.") for address in flows["SourceIP"].unique())
    outside = map(ipaddress.ip_address, flows["DestinationIP"].unique())
    assert all(any(address in net for net in DOCUMENTATION) for address in outside)


def test_the_odd_pair_is_the_one_that_the_docstring_describes():
    """One source, one port, at night, nearly the same size, one row in a thousand."""
    flows = samples.network_flows(rows=20_000)
    odd = flows[flows["DestinationIP"] == "203.0.113.77"]
    assert odd["SourceIP"].unique().tolist() == ["10.4.0.23"]
    assert len(odd) == 20
    assert flows.loc[flows["DestinationPort"] == 8443].index.equals(odd.index)
    assert odd["TimeGenerated"].dt.hour.between(1, 4).all()
    assert odd["BytesSent"].max() - odd["BytesSent"].min() < 20


def test_no_rows_are_refused():
    """The whole message."""
    with pytest.raises(OptionError) as caught:
        samples.network_flows(rows=0)
    assert str(caught.value) == "rows=0: it takes a whole number from 1."
