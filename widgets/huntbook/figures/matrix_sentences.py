"""What a matrix shows, in words: its title, and the text for who does not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntbook.figures.text import column_label

if TYPE_CHECKING:
    import pandas as pd

    from huntbook.compute.axes import Axis
    from huntbook.compute.pairs import Pairs

# Pairs of a kind that are said by name where the picture is read aloud.
_SAID = 3


def describe(pairs: Pairs) -> str:
    """Say what the matrix shows and what it does not, with exact totals."""
    parts = [f"{_measured(pairs)} by {_side(pairs.x)} and {_side(pairs.y)}"]
    inside = int(pairs.table["rows"][~pairs.in_margin].sum())
    if inside < pairs.rows:
        share = (pairs.rows - inside) / pairs.rows
        parts.append(f"the rest, {_percent(share)} of the rows, is in the grey margin")
    if "flagged" in pairs.table:
        parts.append(_flagged(pairs.table["flagged"]))
    if pairs.skipped:
        parts.append(f"{pairs.skipped:,} rows hold no finite number and add nothing")
    if (pairs.table["value"] < 0).any():
        parts.append("hollow circles are sums below zero")
    return "; ".join(parts)


def in_words(pairs: Pairs) -> str:
    """Say the matrix for who does not see it: the sentence, then its flagged, largest and rarest pairs."""
    inside = pairs.table[~pairs.in_margin]
    largest = inside.nlargest(_SAID, "value", keep="first")
    parts = [describe(pairs), f"The largest: {_named(pairs, largest, 'value')}"]
    once = inside[inside["rows"] == 1]
    if len(once):
        parts.append(f"{len(once):,} pairs with one row, such as {_named(pairs, once.head(_SAID), 'rows')}")
    if "flagged" in inside and inside["flagged"].any():
        flagged = inside.nlargest(_SAID, "flagged")
        parts.append(f"Flagged: {_named(pairs, flagged[flagged['flagged'] > 0], 'flagged')}")
    return ". ".join(parts) + "."


def _named(pairs: Pairs, table: pd.DataFrame, column: str) -> str:
    xs, ys = pairs.x.labels, pairs.y.labels
    return "; ".join(
        f"{xs[row['x_place']]} with {ys[row['y_place']]}, {row[column]:,}" for row in table.to_dict("records")
    )


def _measured(pairs: Pairs) -> str:
    rows = f"{pairs.rows:,} {'row' if pairs.rows == 1 else 'rows'}"
    if pairs.measure == "rows":
        return rows
    return f"{column_label(pairs.measure[:1].upper() + pairs.measure[1:])} in {rows}"


def _flagged(flagged: pd.Series[int]) -> str:
    rows, pairs = int(flagged.sum()), int((flagged > 0).sum())
    if not rows:
        return "no row is flagged"
    where = "1 circle" if pairs == 1 else f"{pairs:,} circles"
    return f"{rows:,} flagged {'row is' if rows == 1 else 'rows are'} the red in {where}"


def _side(axis: Axis) -> str:
    if not axis.rest:
        return f"{column_label(axis.column)} ({axis.distinct:,})"
    rarest = " rarest" if axis.order == "rarity" and axis.page == 0 else ""
    page = f", page {axis.page + 1:,} of {axis.pages:,}" if axis.page else ""
    return f"{column_label(axis.column)} ({len(axis.shown):,}{rarest} of {axis.distinct:,}{page})"


def _percent(share: float) -> str:
    if share < 0.01:  # noqa: PLR2004 - one per cent
        return "under 1 %"
    return "over 99 %" if share > 0.99 else f"{share:.0%}".replace("%", " %")  # noqa: PLR2004
