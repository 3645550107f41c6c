"""The command line as a whole: what goes wrong is one sentence and exit code 1."""

from pathlib import Path

import pytest

from tests.collab.commands.running import run
from tests.running import PASSWORD


@pytest.mark.parametrize(
    ("arguments", "stdin", "told"),
    [
        (("people", "add", "Mel"), "", "There is no password on standard input."),
        (("people", "add", "Mel"), "short\n", "A password has 10 to 200 characters"),
        (("people", "add", "\u202eleM"), PASSWORD, "This name cannot be used"),
        (("people", "password", "nobody"), "", "There is no person named nobody."),
        (("people", "key", "nobody"), "", "There is no person named nobody."),
        (("ask", "Why?"), "", "There is no administrator yet."),
        (("ask", "Why?", "--as", "nobody"), "", "There is no person named nobody."),
        (("documents", "add", "/no/such/file.md"), "", "/no/such/file.md cannot be opened: No such file or directory."),
    ],
)
def test_what_goes_wrong_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], stdin: str, told: str) -> None:
    done = run(tmp_path, *arguments, stdin=stdin)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(told)
    assert len(done.stderr.splitlines()) == 1


def test_settings_are_checked_first(tmp_path: Path) -> None:
    done = run(tmp_path, "people", "key", "x", COLLAB_MODLE="y")
    assert done.returncode == 1
    assert "COLLAB_MODLE is not a setting. Did you mean COLLAB_MODEL?" in done.stderr


def test_an_unknown_role_is_a_usage_error(tmp_path: Path) -> None:
    done = run(tmp_path, "people", "add", "Mel", "--role", "king")
    assert done.returncode == 2
    assert "invalid choice: 'king'" in done.stderr
