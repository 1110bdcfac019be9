"""Metrics of a resource: which there are, and their values over time."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.azure.arm import resource_path
from huntbook.azure.kql import timespan_text
from huntbook.errors import OptionError, PartialResultWarning, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from huntbook.azure.arm import Arm

__all__ = ["Metrics"]

_GROUP = "metrics"
_AGGREGATIONS = ("Average", "Minimum", "Maximum", "Total", "Count")
_GOOD = "Success"
_VALUE_COLUMNS = ("metric", "series", "time", "value")
_DEFINITION_COLUMNS = ("metric", "title", "unit", "aggregation", "aggregations", "intervals", "dimensions")


class Metrics:
    """The half of `Resources` that tells how a resource is doing.

    Parameters
    ----------
    arm
        The session's.
    """

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    def metric_definitions(self, resource_id: str) -> pd.DataFrame:
        """Return which metrics a resource has.

        Returns
        -------
        pandas.DataFrame
            With the columns ``metric`` (the name that `metrics` takes), ``title``, ``unit``,
            ``aggregation`` (the usual one), and the lists ``aggregations``, ``intervals`` (ISO
            8601) and ``dimensions``.
        """
        path = f"{resource_path(resource_id)}/providers/Microsoft.Insights/metricDefinitions"
        rows = [
            (
                each["name"]["value"],
                each["name"].get("localizedValue"),
                each.get("unit"),
                each.get("primaryAggregationType"),
                each.get("supportedAggregationTypes") or [],
                [step["timeGrain"] for step in each.get("metricAvailabilities") or []],
                [of["value"] for of in each.get("dimensions") or []],
            )
            for each in self._arm.items(path, group=_GROUP)
        ]
        return pd.DataFrame(rows, columns=list(_DEFINITION_COLUMNS))

    def metrics(
        self,
        resource_id: str,
        names: Sequence[str],
        *,
        aggregation: str = "Average",
        timespan: timedelta | tuple[datetime, datetime] = timedelta(days=1),
        interval: str = "PT1H",
        split_by: Sequence[str] = (),
    ) -> pd.DataFrame:
        """Return metrics of a resource, today included.

        Parameters
        ----------
        resource_id
            Of what.
        names
            The metrics' names, as `metric_definitions` gives them.
        aggregation
            ``Average``, ``Minimum``, ``Maximum``, ``Total`` or ``Count`` over each interval.
        timespan
            A duration up to now, a day by default, or a pair of times (without a zone: UTC).
        interval
            The length of each step, ISO 8601, an hour by default; ``FULL`` is one step.
        split_by
            Dimensions; each of their values is a series of its own.

        Returns
        -------
        pandas.DataFrame
            With the columns ``metric``, ``series`` (its dimensions as text), ``time`` (UTC) and
            ``value``, which is missing where the service has none.

        Raises
        ------
        OptionError
            An aggregation that is not known.
        ServiceError
            The service gives none of the metrics.

        Warns
        -----
        PartialResultWarning
            The service gives some of the metrics and says why not the others.
        """
        if aggregation not in _AGGREGATIONS:
            raise OptionError.unknown(aggregation, option="aggregation", known=_AGGREGATIONS)
        if isinstance(timespan, timedelta):
            now = datetime.now(UTC)
            timespan = (now - timespan, now)
        params = {
            # The service's own way to write a comma inside a name.
            "metricnames": ",".join(name.replace(",", "%2") for name in names),
            "aggregation": aggregation,
            "interval": interval,
            "timespan": str(timespan_text(timespan)),
        }
        if split_by:
            params["$filter"] = " and ".join(f"{dimension} eq '*'" for dimension in split_by)
        path = f"{resource_path(resource_id)}/providers/Microsoft.Insights/metrics"
        told = self._arm.get(path, group=_GROUP, params=params)
        _tell_failures(told.get("value") or [])
        frame = pd.DataFrame(_points(told, aggregation.lower()), columns=list(_VALUE_COLUMNS))
        frame["time"] = pd.to_datetime(frame["time"], utc=True)
        frame["value"] = frame["value"].astype("Float64")
        return frame


def _tell_failures(found: Sequence[dict[str, Any]]) -> None:
    """Say which metrics the service could not give: its answer has status 200 all the same."""
    failed = {
        str(each["name"]["value"]): str(each.get("errorMessage") or each["errorCode"])
        for each in found
        if each.get("errorCode") not in {None, _GOOD}
    }
    if not failed:
        return
    text = " ".join(f"{name}: {why}" for name, why in failed.items())
    if len(failed) == len(found):
        raise ServiceError(
            f"The service gives none of the metrics. {text} metric_definitions() says which there are."
        )
    warnings.warn(PartialResultWarning(f"The service does not give every metric. {text}"), stacklevel=3)


def _points(told: dict[str, Any], key: str) -> Iterable[tuple[Any, ...]]:
    for metric in told.get("value") or []:
        for series in metric.get("timeseries") or []:
            of = ", ".join(
                f"{each['name']['value']}={each['value']}" for each in series.get("metadatavalues") or []
            )
            for point in series.get("data") or []:
                yield metric["name"]["value"], of, point["timeStamp"], point.get(key)
