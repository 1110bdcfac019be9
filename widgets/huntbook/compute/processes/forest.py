"""A forest of processes in depth-first order: every subtree is a slice, so that a million are no more trouble than ten."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.compute.processes.columns import NAT
from huntbook.compute.processes.rules import Confidence, LinkRule
from huntbook.errors import ColumnNotFoundError, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import networkx as nx  # type: ignore[import-untyped] # optional, and ships no types
    import numpy.typing as npt

    from huntbook.compute.processes.columns import CodeArray, IntArray
    from huntbook.compute.processes.events import Images
    from huntbook.compute.processes.fold import Folded
    from huntbook.compute.processes.schema import ProcSchema

    BoolArray = npt.NDArray[np.bool_]

__all__ = ["ForestSummary", "ProcessForest"]

TEXT_FIELDS = ("cmd_line", "user_name", "logon_id", "target_logon_id", "user_id", "process_guid")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestSummary:
    """The totals of a forest.

    Parameters
    ----------
    processes, recorded, inferred
        All; those with a row of their own; those that only other rows speak of.
    hosts
        Hosts with at least one process.
    roots, branches, leaves, isolated
        With children but no parent; with both; with a parent only; with neither. They add up to `processes`.
    deepest
        Processes on the longest path from a root.
    links
        Processes by the rule that found their parent (`LinkRule` in lower case).
    duplicates, dropped
        Rows left out: repeated records of one process; rows that name neither an image nor a process id.
    self_parents, cycles
        Links cut because a process named itself as parent, and because processes named each other in a ring.
    skewed
        Links to a parent that starts later than its child by the clocks.
    """

    processes: int
    recorded: int
    inferred: int
    hosts: int
    roots: int
    branches: int
    leaves: int
    isolated: int
    deepest: int
    links: dict[str, int]
    duplicates: int
    dropped: int
    self_parents: int
    cycles: int
    skewed: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProcessForest:
    """Processes and their parents. Node numbers are places in a depth-first walk: 0 to ``len(forest) - 1``.

    The descendants of node ``n`` are the nodes ``n + 1`` to ``n + size[n] - 1``. Trees stand by host, siblings by
    start time.

    Parameters
    ----------
    parent
        Node of the parent; -1 for roots.
    depth
        How many ancestors a node has.
    size
        How many nodes its subtree has, itself included.
    link, confidence
        The rule that found the parent (`LinkRule`) and how far to trust it (`Confidence`).
    inferred
        Whether no row records the process: it's known only from what other rows say of it.
    source_row
        Position of its row in the frame; -1 for inferred processes.
    witness_row
        Position of the row that its values come from; for an inferred process the first that speaks of it.
    origin
        Which of `views` its values are read through; -1 for a row of its own.
    pid
        Process id; -1 if unknown.
    start, end
        Nanoseconds since 1970, UTC; the smallest 64-bit integer if unknown. Nothing is invented here.
    host, image
        Codes into `hosts` and `images`; an image of -1 is unknown.
    """

    parent: IntArray
    depth: npt.NDArray[np.int32]
    size: IntArray
    link: npt.NDArray[np.uint8]
    confidence: npt.NDArray[np.uint8]
    inferred: BoolArray
    source_row: IntArray
    witness_row: IntArray
    origin: npt.NDArray[np.int8]
    pid: IntArray
    start: IntArray
    end: IntArray
    host: CodeArray
    image: CodeArray
    hosts: tuple[str, ...]
    images: Images
    schema: ProcSchema
    source: pd.DataFrame = field(repr=False)
    views: tuple[Mapping[str, str], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.parent)

    @property
    def roots(self) -> IntArray:
        """The nodes without a parent."""
        return np.flatnonzero(self.parent < 0)

    def children(self, node: int) -> IntArray:
        """Return the nodes whose parent is `node`, by start time."""
        first, after = self._slice(node)
        return np.flatnonzero(self.parent[first + 1 : after] == node) + first + 1

    def descendants(self, node: int) -> IntArray:
        """Return every node below `node`, depth first."""
        first, after = self._slice(node)
        return np.arange(first + 1, after)

    def ancestors(self, node: int) -> IntArray:
        """Return the nodes above `node`, its parent first."""
        self._slice(node)
        found = []
        above = int(self.parent[node])
        while above >= 0:
            found.append(above)
            above = int(self.parent[above])
        return np.array(found, dtype=np.int64)

    def path(self, node: int) -> IntArray:
        """Return the nodes from the root down to `node`, both included."""
        return np.append(self.ancestors(node)[::-1], node)

    def siblings(self, node: int) -> IntArray:
        """Return the other nodes with the parent of `node`; for a root the other roots of its host."""
        self._slice(node)
        above = int(self.parent[node])
        if above >= 0:
            family = self.children(above)
        else:
            family = np.flatnonzero((self.parent < 0) & (self.host == self.host[node]))
        return np.asarray(family[family != node], dtype=np.int64)

    def find(self, what: str | Callable[[pd.DataFrame], Any]) -> IntArray:
        """Search all nodes, whether they are shown or not.

        Parameters
        ----------
        what
            Text, found without regard to case in image and command line; or a function that gets `to_frame()` and
            returns a truth value for each of its rows.

        Returns
        -------
        numpy.ndarray
            The nodes found, in ascending order.
        """
        if callable(what):
            hits = np.asarray(what(self.to_frame()), dtype=np.bool_)
            if hits.shape != (len(self),):
                raise OptionError(
                    f"The predicate of find() returned shape {hits.shape}; it must return one truth value for each "
                    f"of the {len(self):,} rows it gets."
                )
            return np.flatnonzero(hits)
        wanted = what.lower()
        by_image = np.array([wanted in text.lower() for text in self.images.texts] + [False])
        return np.flatnonzero(by_image[self.image] | self._says("cmd_line", wanted))

    def _says(self, role: str, wanted: str) -> BoolArray:
        """Return which nodes' text in one field holds a lower-case text; each distinct text is looked at once."""
        hits = np.zeros(len(self), dtype=np.bool_)
        for place, roles in enumerate((self.schema.roles, *self.views), start=-1):
            chosen = np.flatnonzero(self.origin == place)
            if role in roles and len(chosen):
                codes, uniques = pd.factorize(self.source[roles[role]])
                found = np.array([wanted in str(text).lower() for text in uniques] + [False])
                hits[chosen] = found[codes[self.witness_row[chosen]]]
        return hits

    def names(self, nodes: Sequence[int] | IntArray | slice = slice(None)) -> npt.NDArray[np.object_]:
        """Return the file name of each node's image; an empty text where it is unknown."""
        shown = np.array([*(self.images.names[code] for code in self.images.base), ""], dtype=object)
        return np.asarray(shown[self.image[nodes]])

    def text(
        self, role: str, nodes: Sequence[int] | IntArray | slice = slice(None)
    ) -> npt.NDArray[np.object_]:
        """Return what the rows say in one field of the schema; None where they say nothing.

        Parameters
        ----------
        role
            The field, such as ``cmd_line`` or ``user_name``.
        nodes
            Which nodes; default all.
        """
        rows, origin = self.witness_row[nodes], self.origin[nodes]
        found = np.full(len(rows), None, dtype=object)
        for place, roles in enumerate((self.schema.roles, *self.views), start=-1):
            chosen = origin == place
            if role in roles and chosen.any():
                cells = self.source[roles[role]].iloc[rows[chosen]]
                found[chosen] = cells.astype(object).where(cells.notna(), None).to_numpy()
        return found

    def column(self, name: str, nodes: Sequence[int] | IntArray | slice = slice(None)) -> pd.Series:
        """Return a column of the source for nodes; missing for inferred processes, which have no row.

        Raises
        ------
        ColumnNotFoundError
            The source has no such column.
        """
        if name not in self.source.columns:
            raise ColumnNotFoundError.named(name, option="column", columns=self.source.columns)
        rows = self.source_row[nodes]
        cells = self.source[name].iloc[np.maximum(rows, 0)].reset_index(drop=True)
        return cells.where(pd.Series(rows >= 0))

    def rows(self, nodes: Sequence[int] | IntArray) -> pd.DataFrame:
        """Return the rows of the source that record `nodes`, in their order; inferred ones have none."""
        rows = self.source_row[np.asarray(nodes, dtype=np.int64)]
        return self.source.iloc[rows[rows >= 0]]

    def summary(self) -> ForestSummary:
        """Return the totals."""
        root, leaf = self.parent < 0, self.size == 1
        rules = np.bincount(self.link, minlength=len(LinkRule))
        return ForestSummary(
            processes=len(self),
            recorded=int((~self.inferred).sum()),
            inferred=int(self.inferred.sum()),
            hosts=len(np.unique(self.host)),
            roots=int((root & ~leaf).sum()),
            branches=int((~root & ~leaf).sum()),
            leaves=int((~root & leaf).sum()),
            isolated=int((root & leaf).sum()),
            deepest=int(self.depth.max(initial=-1)) + 1,
            links={rule.name.lower(): int(rules[rule]) for rule in LinkRule if rules[rule]},
            **{
                name: self.counts[name]
                for name in ("duplicates", "dropped", "self_parents", "cycles", "skewed")
            },
        )

    def to_frame(
        self, nodes: Sequence[int] | IntArray | None = None, *, msticpy: bool = False
    ) -> pd.DataFrame:
        """Return the forest as a frame, one row a node.

        Parameters
        ----------
        nodes
            Which nodes; default all.
        msticpy
            Give instead the source's columns with the index and the columns that MSTICPy's tree functions read; see
            `huntbook.compute.processes.compat.compatible_frame`.

        Returns
        -------
        pandas.DataFrame
            Index `node`; columns parent, depth, size, link, confidence (words), inferred, host, pid, name, image,
            command_line, user, start, end (UTC) and source_row (-1 for inferred processes).
        """
        if msticpy:
            from huntbook.compute.processes.compat import compatible_frame  # noqa: PLC0415 - it builds on this

            return compatible_frame(self, nodes)
        chosen: Any = slice(None) if nodes is None else np.asarray(nodes, dtype=np.int64)
        images = np.array([*self.images.texts, None], dtype=object)
        return pd.DataFrame(
            {
                "parent": self.parent[chosen],
                "depth": self.depth[chosen],
                "size": self.size[chosen],
                "link": _words(self.link[chosen], LinkRule),
                "confidence": _words(self.confidence[chosen], Confidence),
                "inferred": self.inferred[chosen],
                "host": np.array(self.hosts, dtype=object)[self.host[chosen]],
                "pid": self.pid[chosen],
                "name": self.names(chosen),
                "image": images[self.image[chosen]],
                "command_line": self.text("cmd_line", chosen),
                "user": self.text("user_name", chosen),
                "start": timestamps(self.start[chosen]),
                "end": timestamps(self.end[chosen]),
                "source_row": self.source_row[chosen],
            },
            index=pd.Index(np.arange(len(self))[chosen], name="node"),
        )

    def to_text(self, node: int | None = None, *, limit: int = 1_000, width: int = 120) -> str:
        """Return the forest, or the subtree of `node`, as lines of text.

        Parameters
        ----------
        node
            The node to start from; default every root.
        limit
            Lines at most; the last line then says how many processes are not shown.
        width
            Characters a line at most.
        """
        from huntbook.compute.processes.text import draw  # noqa: PLC0415 - it builds on this

        first, after = (0, len(self)) if node is None else self._slice(node)
        return draw(self, first, after, limit=limit, width=width)

    def to_networkx(self) -> nx.DiGraph[int]:
        """Return a directed graph with an edge from each parent to each child, and the columns of `to_frame` on nodes.

        Raises
        ------
        ImportError
            networkx is not installed.
        """
        try:
            import networkx  # noqa: PLC0415, ICN001 - optional
        except ImportError as error:
            raise ImportError(
                "to_networkx() needs networkx, which is not installed: pip install networkx"
            ) from error
        graph = networkx.DiGraph()
        graph.add_nodes_from(self.to_frame().to_dict(orient="index").items())
        linked = np.flatnonzero(self.parent >= 0)
        graph.add_edges_from(zip(self.parent[linked].tolist(), linked.tolist(), strict=True))
        return graph

    def fold(self, by: Sequence[str] = ("name",), *, arguments: bool = False) -> Folded:
        """Count equal lineages over hosts and time; see `huntbook.compute.processes.fold.fold_forest`."""
        from huntbook.compute.processes.fold import fold_forest  # noqa: PLC0415 - it builds on this

        return fold_forest(self, by, arguments=arguments)

    def _slice(self, node: int) -> tuple[int, int]:
        if not 0 <= node < len(self):
            raise OptionError(f"node={node!r} is not in the forest, whose nodes are 0 to {len(self) - 1}.")
        return int(node), int(node) + int(self.size[node])


def timestamps(nanoseconds: IntArray) -> pd.DatetimeIndex:
    """Return times in UTC, NaT where unknown."""
    # NAT is what numpy itself calls "not a time", so no cell needs translating.
    assert np.iinfo(np.int64).min == NAT  # noqa: S101 - the line below rests on it
    return pd.DatetimeIndex(nanoseconds.view("datetime64[ns]")).tz_localize("UTC")


def _words(codes: npt.NDArray[np.uint8], kinds: type[LinkRule | Confidence]) -> Any:
    words = pd.Index([kind.name.lower() for kind in kinds])
    return pd.Categorical.from_codes(codes.astype(np.int64), categories=words)
