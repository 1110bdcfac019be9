"""Fold a forest: count equal lineages over hosts and time, so that what runs here and nowhere else comes first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huntbook.compute.processes.columns import NAT
from huntbook.compute.processes.forest import timestamps
from huntbook.compute.processes.sorting import stable_order
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from huntbook.compute.processes.columns import IntArray
    from huntbook.compute.processes.forest import ProcessForest

__all__ = ["Folded", "argument_shapes", "fold_forest", "rare_processes"]

# Each is what two runs of one program differ in by chance; the order matters.
_SHAPES = (
    (r"\{?[0-9a-f]{8}-[0-9a-f-]{1,27}[0-9a-f]\}?", "{guid}"),
    (r"\b0x[0-9a-f]+\b", "{n}"),
    (r"[a-z0-9+/=]{40,}", "{blob}"),
    (r"\b[0-9a-f]{16,}\b", "{hex}"),
    (r"\d+", "{n}"),
    (r"\s+", " "),
)


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """The distinct lineages of a forest, the rarest first.

    Parameters
    ----------
    frame
        One row a lineage: lineage (the names from the root down), name, depth, processes (how many have it), hosts,
        first and last (start times, UTC), flagged by nothing but rarity: sorted by hosts, processes, then depth.
    lineage
        For each node of the forest the row of `frame` that it belongs to.
    """

    frame: pd.DataFrame
    lineage: IntArray
    _order: IntArray = field(repr=False)
    _bounds: IntArray = field(repr=False)

    def nodes(self, lineage: int) -> IntArray:
        """Return the nodes of one lineage, in depth-first order.

        Parameters
        ----------
        lineage
            A row of `frame`, by position.
        """
        if not 0 <= lineage < len(self.frame):
            raise OptionError(
                f"lineage={lineage!r} is not one of the {len(self.frame)} lineages, counted from 0."
            )
        return self._order[self._bounds[lineage] : self._bounds[lineage + 1]]

    def host_counts(self) -> IntArray:
        """Return for each node of the forest on how many hosts its lineage is seen: the smaller, the rarer."""
        return self.frame["hosts"].to_numpy(dtype=np.int64)[self.lineage]


def fold_forest(forest: ProcessForest, by: Sequence[str] = ("name",), *, arguments: bool = False) -> Folded:
    """Count equal lineages over hosts and time.

    Two processes have the same lineage if they, their parents, their grandparents and so on up to the root are equal
    in all that `by` names.

    Parameters
    ----------
    forest
        The forest.
    by
        What makes two processes equal: ``name`` (file name without case), ``image`` (with its folder), or any field
        of the schema, such as ``user_name``.
    arguments
        Compare the shape of the command line too: numbers, identifiers and encoded blobs count as equal.

    Raises
    ------
    OptionError
        An unknown or empty `by`.
    """
    own, labels = _own_keys(forest, by, arguments=arguments)
    lineage = _lineages(forest, own)
    order = stable_order(lineage)
    bounds = np.searchsorted(lineage[order], np.arange(int(lineage.max(initial=-1)) + 2))
    counted = _count(forest, lineage, order, bounds)
    rank = np.lexsort((counted["depth"], counted["processes"], counted["hosts"]))
    back = np.empty(len(rank), dtype=np.int64)
    back[rank] = np.arange(len(rank))
    frame = counted.iloc[rank].reset_index(drop=True)
    first = order[bounds[:-1]][rank]
    frame.insert(0, "lineage", _paths(forest, lineage, order[bounds[:-1]], labels)[rank])
    frame.insert(1, "name", labels[first])
    moved = back[lineage]
    by_rank = stable_order(moved)
    return Folded(frame, moved, by_rank, np.searchsorted(moved[by_rank], np.arange(len(rank) + 1)))


def rare_processes(forest: ProcessForest, *, least_hosts: int = 10) -> npt.NDArray[np.bool_]:
    """Return which recorded processes are rare: no other host has that file name under that parent and grandparent.

    Parameters
    ----------
    forest
        The forest.
    least_hosts
        With fewer hosts than this, being on one of them says nothing, and no process is rare.
    """
    if len(forest.hosts) < least_hosts:
        return np.zeros(len(forest), dtype=np.bool_)
    own = np.append(forest.images.base, -1)[forest.image].astype(np.int64) + 1
    above = np.where(forest.parent >= 0, own[forest.parent], 0)
    higher = np.where(forest.parent >= 0, above[forest.parent], 0)
    kinds = int(own.max(initial=0)) + 1
    line, lines = pd.factorize((higher * kinds + above) * kinds + own)
    seen_on = np.full(len(lines), -1, dtype=np.int64)
    seen_on[line] = forest.host
    elsewhere = np.zeros(len(lines), dtype=np.bool_)
    elsewhere[line[seen_on[line] != forest.host]] = True
    return np.asarray(~elsewhere[line] & ~forest.inferred, dtype=np.bool_)


def argument_shapes(commands: pd.Series) -> pd.Series:
    """Return command lines without what differs by chance: numbers, identifiers, encoded blobs, case, spaces."""
    shaped = commands.str.lower()
    for pattern, stand_in in _SHAPES:
        shaped = shaped.str.replace(pattern, stand_in, regex=True)
    return shaped.str.strip()


def _own_keys(
    forest: ProcessForest, by: Sequence[str], *, arguments: bool
) -> tuple[IntArray, npt.NDArray[np.object_]]:
    """Return a code for what each process is by itself, and what to call it."""
    known = ["name", "image", *forest.schema.roles]
    if isinstance(by, str) or not by:
        raise OptionError(f"by={by!r}: give a tuple of at least one word, such as by=('name',).")
    codes: IntArray = np.zeros(len(forest), dtype=np.int64)
    shown: list[npt.NDArray[np.object_]] = []
    for word in by:
        if word not in known:
            raise OptionError.unknown(word, option="by", known=known)
        part, texts = _part(forest, word)
        codes = pd.factorize(codes * (int(part.max(initial=0)) + 2) + part + 1)[0]
        shown.append(texts)
    if arguments:
        part, uniques = pd.factorize(pd.Series(forest.text("cmd_line"), dtype="string"))
        shapes, distinct = pd.factorize(argument_shapes(pd.Series(uniques, dtype="string")))
        shape = np.append(shapes, -1)[part]
        codes = pd.factorize(codes * (len(distinct) + 1) + shape + 1)[0]
        shown.append(np.append(np.asarray(distinct, dtype=object), "")[shape])
    labels = (
        shown[0]
        if len(shown) == 1
        else np.array([" ".join(map(str, row)) for row in zip(*shown, strict=True)], dtype=object)
    )
    return codes, labels


def _part(forest: ProcessForest, word: str) -> tuple[IntArray, npt.NDArray[np.object_]]:
    if word == "name":
        codes = np.append(forest.images.base, -1)[forest.image].astype(np.int64)
        return codes, np.where(codes < 0, "(unknown)", forest.names())
    if word == "image":
        texts = np.array([*forest.images.texts, "(unknown)"], dtype=object)
        return forest.image.astype(np.int64), np.asarray(texts[forest.image])
    texts = forest.text(word)
    return pd.factorize(pd.Series(texts))[0].astype(np.int64), np.where(pd.isna(texts), "(none)", texts)


def _lineages(forest: ProcessForest, own: IntArray) -> IntArray:
    """Return a number for each lineage, level by level: parent's lineage and own key make one."""
    lineage = np.full(len(forest), -1, dtype=np.int64)
    kinds = int(own.max(initial=0)) + 1
    by_depth = stable_order(forest.depth)
    bounds = np.searchsorted(forest.depth[by_depth], np.arange(int(forest.depth.max(initial=0)) + 2))
    used = 0
    for level in range(len(bounds) - 1):
        nodes = by_depth[bounds[level] : bounds[level + 1]]
        above = forest.parent[nodes]
        key = np.where(above >= 0, lineage[above], -1) * kinds + own[nodes]
        codes, uniques = pd.factorize(key)
        lineage[nodes] = used + codes
        used += len(uniques)
    return lineage


def _count(forest: ProcessForest, lineage: IntArray, order: IntArray, bounds: IntArray) -> pd.DataFrame:
    pairs = np.unique(lineage * len(forest.hosts) + forest.host)
    known = forest.start != NAT
    latest = np.where(known, forest.start, NAT)
    earliest = np.where(known, forest.start, np.iinfo(np.int64).max)
    first = np.minimum.reduceat(earliest[order], bounds[:-1])
    return pd.DataFrame(
        {
            "depth": forest.depth[order[bounds[:-1]]],
            "processes": np.diff(bounds),
            "hosts": np.bincount(pairs // len(forest.hosts), minlength=len(bounds) - 1),
            "first": timestamps(np.where(first == np.iinfo(np.int64).max, NAT, first)),
            "last": timestamps(np.maximum.reduceat(latest[order], bounds[:-1])),
        }
    )


def _paths(
    forest: ProcessForest, lineage: IntArray, examples: IntArray, labels: npt.NDArray[np.object_]
) -> npt.NDArray[np.object_]:
    """Write out each lineage from the root down; parents are numbered before their children."""
    paths: list[str] = []
    above = forest.parent[examples]
    for example, parent in zip(examples.tolist(), above.tolist(), strict=True):
        before = f"{paths[lineage[parent]]} > " if parent >= 0 else ""
        paths.append(f"{before}{labels[example]}")
    return np.array(paths, dtype=object)
