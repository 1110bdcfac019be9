"""The big frame is never collected: what crosses from the engine is small, whatever the number of rows."""

from __future__ import annotations

import narwhals as nw
import polars as pl
import pytest
from polars.io.plugins import register_io_source

from huntbook import plot

ROWS, PARTS = 60_000, 6


@pytest.fixture
def crossed(monkeypatch):
    """Count the rows that every query of a picture brings over."""
    answers = []
    collect = nw.LazyFrame.collect

    def counted(self, *args, **kwargs):
        answer = collect(self, *args, **kwargs)
        answers.append(answer.shape)
        return answer

    monkeypatch.setattr(nw.LazyFrame, "collect", counted)
    return answers


@pytest.fixture
def flows():
    """Give 60,000 events that Polars makes part by part and never holds together, with a wide column unasked for."""

    def source(with_columns, predicate, n_rows, batch_size):
        for part in range(PARTS if n_rows is None else 1):
            count = ROWS // PARTS if n_rows is None else n_rows
            at = pl.int_range(count, eager=True) + part * (ROWS // PARTS)
            made = pl.DataFrame({"at": at}).select(
                time=(pl.col("at") // 100 * 400_000_000).cast(pl.Datetime("us")),
                group=(pl.col("at") % 3).cast(pl.String),
                port=pl.col("at") % 300,
                number=(pl.col("at") % 97).cast(pl.Float64),
                bad=pl.col("at") % 10_000 == 5,
                blob=pl.lit("x" * 100),
            )
            if predicate is not None:
                made = made.filter(predicate)
            yield made if with_columns is None else made.select(with_columns)

    schema = {
        "time": pl.Datetime("us"),
        "group": pl.String,
        "port": pl.Int64,
        "number": pl.Float64,
        "bad": pl.Boolean,
        "blob": pl.String,
    }
    return register_io_source(source, schema=schema)


@pytest.mark.parametrize(
    "draw",
    [
        lambda frame: plot.matrix(frame, x="group", y="port"),
        lambda frame: plot.timeline(frame, time_column="time", group_by="group", flag="bad"),
        lambda frame: plot.timeline_duration(frame, time_column="time", group_by="group"),
        lambda frame: plot.timeline_values(
            frame, time_column="time", value_column="number", group_by="group"
        ),
    ],
)
def test_no_answer_has_more_than_what_is_drawn(flows, crossed, draw):
    """Of 60,000 rows at most the budget of marks at once, and no column that is not drawn."""
    view = draw(flows)
    if hasattr(view, "zoom"):
        view.zoom("1970-01-02", "1970-01-03")
        view.zoom("1970-01-02 10:00", "1970-01-02 10:30")
    rows, columns = map(max, zip(*crossed, strict=True))
    assert 0 < rows <= 5_000
    assert columns <= 12
    assert sum(rows for rows, _ in crossed) < ROWS / 2
