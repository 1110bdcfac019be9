"""Watchlists of Microsoft Sentinel: small tables that queries join with."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from huntbook.azure.progress import run_all
from huntbook.azure.sentinel_items import SentinelItems
from huntbook.errors import ColumnNotFoundError, OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["Watchlists"]

_GROUP = "watchlists"
# As many as the service takes from one person without throttling.
_AT_ONCE = 4
# Above this the service wants the content in a storage account.
_MAX_CONTENT = 3_800_000


class Watchlists(SentinelItems):
    """The watchlists of one workspace; part of `Sentinel`."""

    def watchlists(self) -> pd.DataFrame:
        """Return the watchlists."""
        return self._frame("watchlists", group=_GROUP)

    def watchlist(self, alias: str) -> dict[str, Any]:
        """Return one watchlist, without its items."""
        return self._get("watchlists", alias, group=_GROUP)

    def upload_watchlist(
        self, alias: str, frame: pd.DataFrame, *, key: str, title: str | None = None, description: str = ""
    ) -> dict[str, Any]:
        """Create a watchlist with a row an item in one request, and return it; its index is left out.

        The service takes the rows in within some minutes.

        Parameters
        ----------
        alias
            Its name in queries: ``_GetWatchlist('alias')``.
        frame
            The items; missing values become empty text.
        key
            The column that queries join on.
        title, description
            For people; the title is the alias by default.

        Raises
        ------
        ColumnNotFoundError
            `frame` has no column `key`.
        OptionError
            More than 3.8 MB as CSV, which is the most that the service takes at once.
        """
        if key not in frame.columns:
            raise ColumnNotFoundError.named(key, option="key", columns=frame.columns)
        content = frame.to_csv(index=False, lineterminator="\n")
        size = len(content.encode())
        if size > _MAX_CONTENT:
            raise OptionError(
                f"{len(frame):,} rows are {size / 1e6:.1f} MB as CSV, and the service takes 3.8 MB at once. Upload the "
                "first of them and give the others to add_watchlist_items()."
            )
        told = {
            "displayName": title or alias,
            "description": description,
            "provider": "huntbook",
            "source": f"{alias}.csv",
            "sourceType": "Local file",
            "itemsSearchKey": key,
            "contentType": "text/csv",
            "numberOfLinesToSkip": 0,
            "rawContent": content,
        }
        return self.put_watchlist(alias, told)

    def put_watchlist(
        self, alias: str, properties: Mapping[str, Any], *, etag: str | None = None
    ) -> dict[str, Any]:
        """Write a watchlist whole, with its items if `properties` has ``rawContent``."""
        return self._put("watchlists", alias, properties=properties, etag=etag, group=_GROUP)

    def delete_watchlist(self, alias: str) -> None:
        """Delete a watchlist with its items."""
        self._delete("watchlists", alias, group=_GROUP)

    def watchlist_items(self, alias: str) -> pd.DataFrame:
        """Return the items of a watchlist; the column ``items_key_value`` holds each as a dict."""
        return self._frame("watchlists", alias, "watchlistItems", group=_GROUP)

    def watchlist_item(self, alias: str, item: str) -> dict[str, Any]:
        """Return one item of a watchlist."""
        return self._get("watchlists", alias, "watchlistItems", item, group=_GROUP)

    def put_watchlist_item(
        self, alias: str, values: Mapping[str, Any], *, item: str | None = None, etag: str | None = None
    ) -> dict[str, Any]:
        """Write one item of a watchlist; `item` is its id, by default a new one."""
        names = ("watchlists", alias, "watchlistItems", item or str(uuid.uuid4()))
        return self._put(*names, properties={"itemsKeyValue": dict(values)}, etag=etag, group=_GROUP)

    def add_watchlist_items(self, alias: str, frame: pd.DataFrame) -> int:
        """Add a row an item to a watchlist that is there, several at a time; return how many.

        Missing values become empty text, as the service wants it.

        Raises
        ------
        CancelledError
            The person pressed Cancel; the items that were written by then stay.
        """
        texts = frame.astype("string").fillna("")
        rows = [dict(zip(texts.columns, row, strict=True)) for row in texts.itertuples(index=False)]
        with self._arm.progress("Watchlist", total=len(rows), unit="items") as progress:

            def put(row: dict[str, Any]) -> None:
                self.put_watchlist_item(alias, row)
                progress.advance()

            return len(run_all([partial(put, row) for row in rows], progress=progress, at_once=_AT_ONCE))

    def delete_watchlist_item(self, alias: str, item: str) -> None:
        """Delete one item of a watchlist."""
        self._delete("watchlists", alias, "watchlistItems", item, group=_GROUP)
