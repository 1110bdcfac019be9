"""Process trees of frames in other engines than pandas."""

from __future__ import annotations

import narwhals as nw
import pandas as pd
import pytest

from huntbook import build_process_tree, plot
from huntbook.errors import ColumnNotFoundError, DataError
from huntbook.simulated.processes import processes

# Java takes its time to start on a busy machine.
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def fleet():
    """Give a fleet whose hosts are written in several ways, with events that are no processes, and empty cells."""
    frame = processes(hosts=4, hours=1.0, seed=11).drop(columns=["TrueProcess", "TrueParent", "Attack"])
    one = frame["Computer"] == "host-0001"
    frame.loc[one[one].index[::2], "Computer"] = "HOST-0001.example.org"
    frame.loc[frame["Computer"] == "host-0004", "Computer"] = None
    frame["TimeGenerated"] = frame["TimeGenerated"].dt.tz_localize("UTC").astype("datetime64[us, UTC]")
    return pd.concat([frame, frame.head(5).assign(EventID=4624)], ignore_index=True)


def linked(frame):
    """Return who is whose parent: host, id and start of each process and of its parent."""
    frame = frame.assign(host=frame["host"].str.lower().str.partition(".")[0])
    above = frame.set_index(["host", "node"])[["pid", "start"]].add_prefix("parent_")
    found = frame.join(above, on=["host", "parent"])
    columns = [
        "host",
        "pid",
        "start",
        "name",
        "inferred",
        "link",
        "depth",
        "size",
        "parent_pid",
        "parent_start",
    ]
    return sorted(map(str, found[columns].astype({"link": str}).itertuples(index=False)))


def in_memory(frame):
    """Return a lazy answer of any engine as pandas."""
    answer = nw.from_native(frame).lazy().collect().to_pandas()
    return answer.astype({"start": "datetime64[us, UTC]", "end": "datetime64[us, UTC]"})


def whole(fleet):
    """Return what pandas makes of the fleet, with nodes counted host by host."""
    forest = build_process_tree(fleet)
    frame = forest.to_frame().reset_index()
    first = frame.groupby("host")["node"].transform("min")
    frame["parent"] = frame["parent"].where(frame["parent"] < 0, frame["parent"] - first)
    frame["node"] -= first
    return frame.astype({"start": "datetime64[us, UTC]", "end": "datetime64[us, UTC]"})


def test_every_engine_links_as_pandas_does(fleet, into):
    """The same processes, parents, rules, depths and sizes, whether fetched or built host by host."""
    built = build_process_tree(into(fleet))
    if hasattr(built, "to_frame") and hasattr(built, "descendants"):
        assert linked(whole(built.source)) == linked(whole(fleet))
        assert set(built.source.columns) == set(built.schema.columns)
        return
    assert linked(in_memory(built)) == linked(whole(fleet))


def test_nothing_is_computed_before_it_is_asked_for(fleet, into):
    """A cell that can't be read is no error of the plan, but of its answer; fetched frames say it at once."""
    bad = fleet.assign(NewProcessId="svchost")
    frame = into(bad)
    if nw.from_native(frame).implementation.name not in {"DASK", "PYSPARK"}:
        with pytest.raises(DataError, match="'svchost' is not a process id"):
            build_process_tree(frame)
        return
    plan = build_process_tree(frame)
    with pytest.raises(Exception, match="'svchost' is not a process id"):
        in_memory(plan)


def test_two_recorders_are_counted_in_the_engine(fleet, into):
    """The question which of them is meant has the same numbers as from pandas."""
    both = fleet.assign(Image=fleet["NewProcessName"], ParentProcessId=fleet["ProcessId"])
    both.loc[:9, "EventID"] = 1
    with pytest.raises(DataError) as wanted:
        build_process_tree(both)
    with pytest.raises(DataError) as caught:
        build_process_tree(into(both))
    assert str(caught.value) == str(wanted.value)


def test_the_picture_fetches_what_it_shows(fleet, into):
    """From any engine: starts and exits, in the columns that are linked, coloured by, in tooltips or flags."""
    frame = fleet.assign(odd=fleet["CommandLine"].str.contains("encoded", na=False))
    options = {"legend_col": "SubjectUserName", "source_columns": ["TargetLogonId"], "flag": "odd"}
    view = plot.process_tree(into(frame), **options)
    wanted = plot.process_tree(frame, **options)
    assert view.summary == wanted.summary
    assert set(view.forest.source.columns) == {
        *view.forest.schema.columns, "SubjectUserName", "TargetLogonId", "odd",
    }  # fmt: skip
    assert not (view.forest.source["EventID"] == 4624).any()
    with pytest.raises(ColumnNotFoundError, match="legend_col='Odd': the frame has no such column"):
        plot.process_tree(into(frame), legend_col="Odd")
