"""The notebook commands, in a real IPython."""

from __future__ import annotations

import pytest
from bokeh.models import Title
from IPython.core.completer import provisionalcompleter
from IPython.core.error import UsageError

import huntbook
from huntbook import magics, plot, samples
from huntbook.azure.report import CheckReport
from huntbook.settings.document import read


@pytest.fixture
def notebook(shell):
    """Give an IPython with the commands loaded and a frame named `flows`."""
    shell.run_line_magic("load_ext", "huntbook")
    shell.user_ns["flows"] = samples.network_flows(rows=200)
    yield shell
    shell.run_line_magic("unload_ext", "huntbook")


def refused(shell, line):
    """Run a line that must be refused, and return the sentence."""
    error = shell.run_cell(line).error_in_exec
    assert isinstance(error, UsageError)
    return str(error)


def completed(shell, line):
    """Return what the tab key offers at the end of `line`, without IPython's own keywords."""
    with provisionalcompleter():
        offered = [each.text for each in shell.Completer.completions(line, len(line))]
    return [word for word in offered if word not in {"and", "if", "in", "is", "not", "or"}]


def test_hunt_draws_what_the_function_draws(notebook):
    """`%hunt` is the same picture as the function with the same words."""
    view = notebook.run_cell("%hunt flows matrix SourceIP Protocol log_size=True title='two words'").result
    expected = plot.matrix(notebook.user_ns["flows"], x="SourceIP", y="Protocol", log_size=True)
    assert view.data.equals(expected.data)
    assert "two words" in [title.text for title in view.figure.select({"type": Title})]


def test_hunt_reads_options_by_the_type_that_they_take(notebook):
    """A number stays text where the option takes text only, so that a column named 443 can be drawn."""
    notebook.user_ns["ports"] = notebook.user_ns["flows"].rename(columns={"DestinationPort": "443"})
    view = notebook.run_cell("%hunt ports matrix x=443 y=Protocol max_categories=2").result
    assert view.data["x"].nunique() <= 3


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "%hunt flow",
            "frame='flow': the notebook has no such variable. Did you mean 'flows'? The notebook has these frames: 'flows'.",
        ),
        ("%hunt flows matrix Protocol", "%hunt matrix needs 'y' too: %hunt FRAME matrix X Y"),
        ("%hunt flows matrix 'a", "flows matrix 'a: a quotation mark is not closed."),
        (
            "%hunt flows matrix a b c",
            "%hunt matrix takes 2 columns here (x, y), not 3: 'a', 'b', 'c'. Give other options as name=value.",
        ),
    ],
)
def test_hunt_says_in_a_sentence_what_it_can_not_do(notebook, line, sentence):
    """A wrong use names the value and the fix, and shows no traceback."""
    assert refused(notebook, line) == sentence


def test_hunt_names_the_kinds_and_the_options_that_there_are(notebook):
    """A misspelled kind or option is answered by the nearest one."""
    assert "kind='matrx' is not known. Did you mean 'matrix'?" in refused(notebook, "%hunt flows matrx a b")
    assert "option='titel' is not known. Did you mean 'title'?" in refused(
        notebook, "%hunt flows matrix titel=a"
    )


def test_hunt_draws_every_picture_that_there_is(notebook):
    """A function that is added to `huntbook.plot` is a kind of `%hunt` too."""
    assert sorted(completed(notebook, "%hunt flows ")) == sorted(plot.__all__)


def test_a_missing_column_is_a_sentence(notebook):
    """What the picture refuses is shown like any wrong use."""
    assert refused(notebook, "%hunt flows matrix Nope Protocol").startswith(
        "x='Nope': the frame has no such column."
    )


def test_hunt_without_a_kind_draws_the_configured_one(notebook):
    """The trait `kind` is what `%config` sets."""
    assert "needs 'x', 'y' too" in refused(notebook, "%hunt flows")
    notebook.run_line_magic("config", "HuntbookMagics.kind='nothing'")
    assert "kind='nothing' is not known" in refused(notebook, "%hunt flows")


def test_azcloud_shows_the_cloud_and_who_chose_it(notebook, settings_file, capsys):
    """Without a name it says which cloud, who says so, and which others there are."""
    notebook.run_cell("%azcloud")
    said = capsys.readouterr().out
    assert said.startswith("Cloud global (Azure public cloud), as no file says otherwise.\n")
    assert "de (closed)" in said
    settings_file.write_text("Azure:\n  cloud: cn\n")
    notebook.run_cell("%azcloud")
    assert f", as {settings_file} says.\n" in capsys.readouterr().out


def test_azcloud_saves_what_the_kernel_then_uses(notebook, settings_file):
    """`--save` writes the file, comments kept, and the settings follow with no call."""
    settings_file.write_text("# ours\nAzure:\n  cloud: global\n")
    notebook.run_cell("%azcloud AzureUSGovernment --save")
    assert settings_file.read_text() == "# ours\nAzure:\n  cloud: usgov\n"
    assert huntbook.settings.get("Azure.cloud") == "usgov"


def test_azcloud_sets_the_cloud_for_this_session_only(notebook, settings_file, capsys):
    """A name alone writes nothing; the kernel obeys until the choice is cleared."""
    notebook.run_cell("%azcloud cn")
    assert "for this session only" in capsys.readouterr().out
    assert (huntbook.settings.get("Azure.cloud"), settings_file.exists()) == ("cn", False)
    notebook.run_cell("%azcloud --clear")
    assert huntbook.settings.get("Azure.cloud") == "global"


def test_a_saved_cloud_takes_the_place_of_the_sessions(notebook, settings_file):
    """Who saves means it: an earlier choice for the session does not stand in the way."""
    notebook.run_cell("%azcloud cn\n%azcloud usgov --save")
    assert huntbook.settings.get("Azure.cloud") == "usgov"


def test_config_lets_azcloud_save(notebook, settings_file):
    """With the trait on, a name is enough."""
    notebook.run_cell("%config HuntbookMagics.save_cloud=True\n%azcloud cn")
    assert read(settings_file).data == {"Azure": {"cloud": "cn"}}


def test_a_locked_cloud_is_not_changed(notebook, settings_file, tmp_path, monkeypatch):
    """What an administrator locked is refused with the reason, for the session and for the file alike."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "huntbook.yaml").write_text(
        "Azure:\n  cloud: usgov\nlocked:\n  Azure.cloud: by contract\n"
    )
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "site"))
    for line in ("%azcloud cn", "%azcloud cn --save"):
        assert "by contract" in refused(notebook, line)
    assert not settings_file.exists()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("%azcloud --save", "%azcloud --save needs a name: %azcloud NAME --save."),
        ("%azcloud cn --clear", "%azcloud --clear goes alone: it forgets the choice of this session."),
    ],
)
def test_azcloud_says_what_goes_together(notebook, line, sentence):
    """Half a command is refused with the whole one."""
    assert refused(notebook, line) == sentence


def test_azcloud_never_takes_another_cloud_for_a_misspelled_one(notebook, settings_file):
    """An unknown name is refused with the nearest."""
    assert "cloud='usgo' is not known. Did you mean 'usgov'?" in refused(notebook, "%azcloud usgo --save")
    assert not settings_file.exists()


def test_azcheck_reports_on_the_named_cloud_and_signs_in_nowhere(notebook):
    """`%azcheck` is `huntbook.azure.check` in words."""
    report = notebook.run_cell("%azcheck --cloud usgov").result
    assert isinstance(report, CheckReport)
    assert report.components[0].endpoint == "https://management.usgovcloudapi.net"


def test_mpconfig_opens_the_editor_on_the_file(notebook, tmp_path):
    """It is the editor, on the file in use or on the named one."""
    editor = notebook.run_cell(f"%mpconfig '{tmp_path}/other file.yaml'").result
    assert editor.path == tmp_path / "other file.yaml"


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("%azcloud usg", ["usgov"]),
        ("%azcheck --cloud usg", ["usgov"]),
        ("%azcheck --si", ["--sign-in"]),
        ("%%kql --work", ["--workspace"]),
        ("%%kql --param flo", ["flows"]),
        ("%hunt fl", ["flows"]),
        ("%hunt flows mat", ["matrix"]),
        ("%hunt flows matrix Source", ["SourceIP"]),
        ("%hunt flows matrix SourceIP Protocol lo", ["log_size="]),
    ],
)
def test_the_tab_key_offers_clouds_kinds_columns_and_options(notebook, line, offered):
    """Completion knows what the command takes at that place."""
    assert completed(notebook, line) == offered


def test_frames_of_other_libraries_are_offered_and_drawn(notebook):
    """A Polars frame, lazy or not, is a frame; a class of that name is none."""
    pl = pytest.importorskip("polars", reason="installed by the extra `demo`")
    notebook.user_ns |= {"lazy": pl.from_pandas(notebook.user_ns["flows"]).lazy(), "laziness": pl.LazyFrame}
    assert completed(notebook, "%hunt laz") == ["lazy"]
    assert completed(notebook, "%hunt lazy matrix Source") == ["SourceIP"]
    view = notebook.run_cell("%hunt lazy matrix SourceIP Protocol").result
    expected = plot.matrix(notebook.user_ns["flows"], x="SourceIP", y="Protocol")
    assert sorted(view.data["rows"]) == sorted(expected.data["rows"])


def test_a_column_with_a_space_is_offered_in_quotes(notebook):
    """What the tab key inserts can be run."""
    notebook.user_ns["flows"] = notebook.user_ns["flows"].rename(columns={"Protocol": "the protocol"})
    assert "'the protocol'" in completed(notebook, "%hunt flows matrix ")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("%%kql --out 1\nT", "--out 1: that is no variable's name."),
        ("%%kql --param flws\nT", "--param flws: the notebook has no such variable. Did you mean 'flows'?"),
        ("%%kql --timespan soon\nT", "--timespan soon: that is no duration. Give one such as 4h or 7d."),
    ],
)
def test_kql_says_what_is_wrong_before_it_signs_in(notebook, line, sentence):
    """A wrong option is told at once; no workspace is needed to hear it."""
    notebook.run_cell("%config HuntbookMagics.workspace='00000001-5555-4555-8555-555555555555'")
    assert refused(notebook, line) == sentence


def test_unload_leaves_nothing_behind(notebook):
    """After `%unload_ext` the shell is as it was: no command, no completion, no configurable."""
    notebook.run_line_magic("unload_ext", "huntbook")
    for kind in ("line", "cell"):
        assert not set(magics.NAMES) & set(notebook.magics_manager.magics[kind])
    assert not set(magics.COMMANDS) & set(notebook.strdispatchers["complete_command"].strs)
    assert not [each for each in notebook.configurables if isinstance(each, magics.HuntbookMagics)]
    notebook.run_line_magic("load_ext", "huntbook")


def test_every_command_helps_itself(notebook):
    """`%hunt?` shows the arguments."""
    for command in magics.COMMANDS:
        kind, name = ("cell" if command.startswith("%%") else "line"), command.lstrip("%")
        assert f"%{name} " in notebook.magics_manager.magics[kind][name].__doc__
