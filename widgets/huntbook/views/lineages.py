"""The rarest lineages of a forest in a list; the chosen one opens to its real processes in the tree below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

if TYPE_CHECKING:
    import pandas as pd

    from huntbook.compute.processes.fold import Folded
    from huntbook.views.process_tree import ProcessTreeView

__all__ = ["LineagesView"]

_MOST_LISTED = 300
# As high as its rows, so that none is cut.
_FONT = """<style>.huntbook-lineages > .huntbook-list option { padding: 2px 4px; }
.huntbook-lineages > .huntbook-list select {
  font-family: var(--jp-code-font-family, monospace); font-size: 12px; width: 100%; flex: none; }</style>"""


class LineagesView(ipywidgets.VBox):  # type: ignore[misc] # ipywidgets ships no types
    """What runs here and nowhere else.

    Attributes
    ----------
    folded
        All lineages with their counts, the rarest first; `folded.frame` is the list.
    tree
        The process tree below the list: it shows the processes of the chosen lineage with what is above and below.

    Parameters
    ----------
    folded
        The lineages.
    tree
        The tree of the same forest.
    """

    def __init__(self, folded: Folded, *, tree: ProcessTreeView) -> None:
        self.folded = folded
        self.tree = tree
        listed = folded.frame.head(_MOST_LISTED)
        self._list = ipywidgets.Select(
            options=[(_line(row), place) for place, row in enumerate(listed.itertuples())],
            value=None,
            rows=min(max(len(listed), 3), 10),
            description="Lines of descent, the rarest first",
            # The label above the list.
            layout=ipywidgets.Layout(width="auto", flex_flow="column"),
            style={"description_width": "initial"},
        )
        self._list.add_class("huntbook-list")
        self._list.observe(self._chosen, "value")
        total, hosts = len(folded.frame), int(folded.frame["hosts"].max())
        rest = f"; the {_MOST_LISTED} rarest are listed" if total > _MOST_LISTED else ""
        commonest = f"the commonest is on {hosts:,} of {len(tree.forest.hosts):,} hosts"
        said = f"{total:,} lineages; {commonest}{rest}. Choose one to see its processes."
        super().__init__(children=[ipywidgets.HTML(f"{_FONT}{said}"), self._list, tree])
        self.add_class("huntbook-lineages")

    @property
    def selected(self) -> pd.DataFrame:
        """The rows of the source behind the processes of the chosen lineage."""
        rows: pd.DataFrame = self.tree.selected
        return rows

    def choose(self, lineage: int | None) -> None:
        """Show the processes of one lineage, by its position in `folded.frame`; None shows the whole forest."""
        if lineage is None:
            self.tree.keep(None)
            return
        nodes = self.folded.nodes(lineage)
        self.tree.keep(nodes)
        self.tree.nodes = nodes

    def _chosen(self, change: dict[str, Any]) -> None:
        self.choose(change["new"])


def _line(row: Any) -> str:
    hosts = "1 host " if row.hosts == 1 else f"{row.hosts:,} hosts"
    processes = "1 process" if row.processes == 1 else f"{row.processes:,} processes"
    return f"{hosts:>10}  {processes:<16} {row.lineage}".replace(" ", "\N{NO-BREAK SPACE}", 30)
