"""Claims about what of a file may be on the screen."""

from __future__ import annotations

import pytest

from huntbook.editor.hiding import hidden, hidden_lines


@pytest.mark.parametrize(
    "text",
    [
        "AuthKey: hush",
        "'AuthKey' : 'hush'",
        '{"AuthKey":"hush"}',
        "A: {AuthKey: hush, B: 1",
        "AuthKey: |\n  hush\n  hush",
        "AuthKey:\n  hush",
        "Secrets:\n- hush\n- hush",
        'AuthKey: "a\nhush',
        "AuthKey: {EnvironmentVar: A, x: hush}",
        "\tpassword: hush",
        "Url: https://me:hush@a.example/",
        "Url: 'https://a.example/?sig=hush'",
    ],
)
def test_no_secret_stays_in_lines(text):
    """Whatever way it is written in, YAML or not."""
    assert "hush" not in "\n".join(hidden_lines(text))


def test_what_is_no_secret_stays():
    """References, ids and all other lines are as they were, with the line count of the text."""
    text = "A:\n  AuthKey: {EnvironmentVar: X}\n  Id: 52b1ab41-869e-4138-9e40-2a4457f09bf0\n\nAuthKey:\n  KeyVault: v/s\nB: 1"
    assert hidden_lines(text) == text.split("\n")


def test_values_that_look_like_keys_are_hidden_under_any_name():
    """In sections that are not ours a secret may have any name."""
    key = "Zm9vYmFyYmF6cXV4MTIzNDU2"
    assert hidden({"A": [{"Thing": key}], "Url": "https://u:p@a.example"}) == {
        "A": [{"Thing": "********"}],
        "Url": "********",
    }
