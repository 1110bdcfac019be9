from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from huntbook.azure.query_files import read_folder
from huntbook.azure.query_template import named
from huntbook.azure.query_values import typed
from huntbook.errors import OptionError, QueryFileError

WORKSPACE = "63613592-b6f7-4c3d-a390-22ba13102111"
NOON = datetime(2024, 1, 2, 12, tzinfo=UTC)
FILE = """\
metadata:
  version: 1
  description: Logons
  data_environments: [MSSentinel]
  data_families: [Windows, AuditLogs]
defaults:
  parameters:
    table: {description: The table, type: str, default: AuditLogs}
    start: {description: From, type: datetime, default: -1}
    end: {description: To, type: datetime, default: 0}
    add_query_items: {description: More clauses, type: str, default: ''}
sources:
  list_logons:
    description: Logons on a host
    args:
      query: '
        {table}
        | where TimeGenerated between (datetime({start}) .. datetime({end}))
        | where Computer has "{host_name}"
        {add_query_items}'
    parameters:
      host_name: {description: The host, type: str}
  by_event:
    description: Events by number
    args:
      query: AuditLogs | where EventID in (ids) | take most
    parameters:
      ids: {description: Numbers, type: list}
      most: {description: How many rows, type: int, default: 100}
"""
TOO_MUCH = (
    "table='T | take 1': it would become a part of the query itself, so it can be one word, such as a table's name, "
    "and no more. Change the text of the query, or give a query of your own to query()."
)


@pytest.fixture
def folder(tmp_path):
    """Give a folder with a file of queries, one for another service, and one that is no YAML file."""
    place = tmp_path / "queries"
    (place / "deep").mkdir(parents=True)
    (place / "deep" / "logons.yaml").write_text(FILE, encoding="utf-8")
    (place / "other.yml").write_text(
        "metadata: {data_environments: [Splunk]}\nsources: {x: {args: {query: x}}}"
    )
    (place / "notes.txt").write_text("not: [yaml")
    return place


@pytest.fixture
def logs(azure, bare_machine, open_session):
    return open_session("usgov", ["devicecode"]).logs(WORKSPACE)


def asked(azure):
    return [request.json for request in azure["usgov"].requests if request.path.endswith("/query")]


def test_saved_queries_are_listed_and_shown(folder, logs):
    """Only those for Log Analytics, with what must be given first; shown, a query has its parameters and its text."""
    saved = logs.saved(folder)
    assert saved.list().to_numpy().tolist() == [
        [
            "list_logons",
            "Windows",
            "Logons on a host",
            "host_name, table, start, end, add_query_items",
            "logons.yaml",
        ],
        ["by_event", "Windows", "Events by number", "ids, most", "logons.yaml"],
    ]
    assert str(saved.get("by_event")) == (
        "Windows.by_event: Events by number\n  ids (list): Numbers\n  most (int, by default 100): How many rows\n\n"
        "AuditLogs | where EventID in (ids) | take most"
    )


def test_a_saved_query_runs_with_its_parameters_bound(azure, folder, logs):
    """Each value stands in a typed let statement, with the file's default where none is given."""
    frame = logs.saved(folder).run("by_event", ids=[4624, 4625])
    assert len(frame) == 2
    assert asked(azure) == [
        {
            "query": "let ids = dynamic([4624, 4625]);\nlet most = long(100);\n"
            "AuditLogs | where EventID in (ids) | take most"
        }
    ]


def test_a_query_of_msticpy_is_bound_and_not_pasted(folder):
    """The quotes around a parameter go, its name stays: no value can leave its text."""
    (query, _other) = read_folder(folder)
    bound = query.bound({"host_name": '" | take 1 //'}, now=NOON)
    assert bound == (
        "let start = datetime(2024-01-01T12:00:00.000000Z);\n"
        "let end = datetime(2024-01-02T12:00:00.000000Z);\n"
        'let host_name = "\\" | take 1 //";\n'
        "AuditLogs | where TimeGenerated between (start .. end) | where Computer has host_name"
    )


def test_the_timespan_is_also_start_and_end(azure, folder, logs):
    """A query that asks for its limits takes them from the timespan, where they are not given."""
    logs.saved(folder).run("list_logons", timespan=(NOON, NOON + timedelta(hours=1)), host_name="h")
    (body,) = asked(azure)
    assert body["timespan"] == "2024-01-02T12:00:00.000000Z/2024-01-02T13:00:00.000000Z"
    assert body["query"].startswith(
        "let start = datetime(2024-01-02T12:00:00.000000Z);\nlet end = datetime(2024-01-02T13"
    )


def test_the_settings_name_the_usual_folders(azure, folder, bare_machine, logs):
    """QueryDefinitions.Custom, relative to the settings file; without it the sentence says what to do."""
    with pytest.raises(OptionError) as caught:
        logs.saved()
    assert str(caught.value) == (
        "No folder of queries was named. Give one, or set QueryDefinitions.Custom in the settings."
    )
    (bare_machine / "msticpyconfig.yaml").write_text("QueryDefinitions: {Custom: [../queries]}")
    assert len(logs.saved().list()) == 2


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        (
            "by_evnt",
            {},
            "query='by_evnt' is not known. Did you mean 'by_event'? It takes: 'by_event', 'list_logons'.",
        ),
        ("by_event", {}, "The query 'by_event' needs ids (list): Numbers. Give it by name."),
        (
            "by_event",
            {"ids": [1], "mots": 1},
            "parameter of by_event='mots' is not known. Did you mean 'most'? It takes: 'ids', 'most'.",
        ),
        ("by_event", {"ids": [1], "most": "1; drop"}, "most='1; drop': the query asks for a whole number."),
        (
            "list_logons",
            {"host_name": "h", "table": "T | take 1"},
            TOO_MUCH,
        ),
    ],
)
def test_what_does_not_fit_is_told_before_anything_is_sent(name, values, words, azure, folder, logs):
    """Names with the nearest, what is missing with its purpose, values of another type, parts of a query."""
    with pytest.raises(OptionError) as caught:
        logs.saved(folder).run(name, **values)
    assert str(caught.value) == words
    assert asked(azure) == []


def test_a_name_in_two_families_asks_for_the_family(folder, logs):
    """Nothing is chosen silently."""
    (folder / "more.yaml").write_text(FILE.replace("[Windows,", "[Linux,"), encoding="utf-8")
    saved = logs.saved(folder)
    with pytest.raises(OptionError) as caught:
        saved.get("by_event")
    assert str(caught.value) == (
        "query='by_event': there are several: Windows.by_event (logons.yaml), Linux.by_event (more.yaml). "
        "Name the family too."
    )
    assert saved.get("Linux.by_event").family == "Linux"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("sources:\n  a: [1\n  b: 2", 3, "expected ',' or ']'"),
        ("sources: 5", 1, "sources must be names with values"),
        ("sources:\n  a: text", 2, "the query a must be names with values"),
        ("sources:\n  a:\n    args: {}", 2, "the text of the query a must be a text"),
        (
            "sources:\n  a:\n    args: {query: T}\n    parameters:\n      x:\n        type: strr",
            6,
            "type of x='strr' is not known. Did you mean 'str'?",
        ),
        (
            'sources:\n  a:\n    args:\n      query: T | where x == "{who}"',
            2,
            "a uses {who} and has no such parameter",
        ),
        ("- a", 1, "the file must be names with values"),
    ],
)
def test_a_broken_file_is_told_with_its_line(text, line, problem, folder):
    """The file, the line, what is wrong and what to do."""
    (folder / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(QueryFileError) as caught:
        read_folder(folder)
    assert str(caught.value).startswith(f"{folder / 'bad.yaml'}, line {line}: {problem}")
    assert str(caught.value).endswith(". Correct the file, or take it out of its folder.")
    assert caught.value.line == line


def test_a_folder_that_is_not_there_is_told(tmp_path, logs):
    """No empty list for a misspelt path."""
    with pytest.raises(OptionError, match="there is no such folder"):
        logs.saved(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('T | where a == "{who}"', "T | where a == who"),
        ("T | where a == '{who}' or b == @\"{who}\"", "T | where a == who or b == who"),
        ('T | where a has "x{who}y"', 'T | where a has strcat("x", who, "y")'),
        (r'T | where a has @"C:\{who}\"', r'T | where a has strcat(@"C:\", who, @"\")'),
        ("T | where n in ({ids}) and m in (dynamic([{ids}]))", "T | where n in (ids) and m in (ids)"),
        (
            'T | where a > datetime({start}) and b < datetime("{who}")',
            "T | where a > start and b < todatetime(who)",
        ),
        (
            'T | where a == "{who}" | extend d = dynamic({{"x": 1}})',
            'T | where a == who | extend d = dynamic({"x": 1})',
        ),
        ('T // {who} isn\'t\n| where a == "{who}"', "T // {who} isn't\n| where a == who"),
        ('T | extend d = dynamic({"x": {"y": 1}})', 'T | extend d = dynamic({"x": {"y": 1}})'),
        ('T | where n == "{count}"', "T | where n == tostring(count)"),
        ("{table} | take {count}", "Heartbeat | take count"),
    ],
)
def test_braces_become_names(text, expected):
    """In quotes, inside longer texts, in lists and times; comments and braces of JSON stay."""
    kinds = {"who": "str", "ids": "list", "start": "datetime", "count": "int", "table": "str"}
    assert named(text, kinds=kinds, given={}, defaults={"table": "Heartbeat"}) == expected


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("str", 5, "5"),
        ("int", "5", 5),
        ("int", np.int64(5), 5),
        ("float", 1, 1.0),
        ("bool", "True", True),
        ("list", "a", ["a"]),
        ("list", ("a", 1), ["a", 1]),
        ("dict", {"a": 1}, {"a": 1}),
        ("timedelta", "90m", timedelta(minutes=90)),
        ("datetime", -0.5, NOON - timedelta(hours=12)),
        ("datetime", "-12h", NOON - timedelta(hours=12)),
        ("datetime", timedelta(days=-1), NOON - timedelta(days=1)),
        ("datetime", "2024-01-02T12:00", NOON),
        ("datetime", NOON, NOON),
    ],
)
def test_values_are_read_by_their_declared_type(kind, value, expected):
    """Text from a form, numbers from a frame, days and hours from now."""
    found = typed(value, kind=kind, name="x", now=NOON)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("str", True),
        ("str", ["a"]),
        ("int", 1.5),
        ("int", True),
        ("float", "a"),
        ("bool", 1),
        ("datetime", "soon"),
        ("datetime", True),
        ("timedelta", 5),
        ("list", 5),
        ("dict", "a"),
    ],
)
def test_values_of_another_type_are_refused(kind, value):
    """The sentence names the parameter, the value and what is asked for."""
    with pytest.raises(OptionError, match=r"^x=.*: the query asks for "):
        typed(value, kind=kind, name="x", now=NOON)
