"""The README's tables and tree say what the code says. `python -m tests.test_readme` writes them again."""

import argparse
import ast
import re
from pathlib import Path

from collab.__main__ import _parser
from collab.config import PREFIX, Settings

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
FOLDERS = ("knowledge", "collab")


def tree() -> str:
    """One line a file: its path and the first sentence of its docstring."""
    lines = []
    for path in [ROOT / "app.py", *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))]:
        relative = path.relative_to(ROOT)
        if "migrations" in relative.parts:
            continue
        name = str(relative.parent) + "/" if path.name == "__init__.py" else str(relative)
        depth = len(Path(name).parts) - 1
        shown = "  " * depth + Path(name).name + ("/" if name.endswith("/") else "")
        lines.append(f"{shown:<32}{_purpose(path)}")
    return "```text\n" + "\n".join(lines) + "\n```"


def _purpose(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, f"{path} does not say what it is"
    return re.split(r"(?<=[.?])\s", " ".join(docstring.split("\n\n")[0].split()))[0].rstrip(".")


def settings_table() -> str:
    """One line a setting: variable, default, meaning."""
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if hasattr(field.default, "get_secret_value") else field.default
        rows.append(f"| `{PREFIX}{name.upper()}` | {f'`{default}`' if str(default) else ''} | {field.description} |")
    return "\n".join(rows)


PARTS = {"tree": tree, "settings": settings_table}


def _marks(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)


def test_the_tree_is_true() -> None:
    found = _marks("tree").search(README.read_text(encoding="utf-8"))
    assert found is not None
    assert found[0] == tree() + "\n", "run python -m tests.test_readme"


def test_the_settings_table_is_true() -> None:
    found = _marks("settings").search(README.read_text(encoding="utf-8"))
    assert found is not None
    assert found[0] == settings_table() + "\n", "run python -m tests.test_readme"


def test_every_picture_exists() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert pictures
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []


def test_every_command_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"`make ([a-z-]+)`", README.read_text(encoding="utf-8"))
    assert targets
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_every_command_of_the_command_line_exists() -> None:
    named = re.findall(r"python -m collab ([a-z]+)(?: ([a-z]+))?", README.read_text(encoding="utf-8"))
    assert len(named) > 8
    known = _subcommands(_parser())
    assert [one for one in named if one[0] not in known] == []
    with_acts = {name: acts for name, parser in known.items() if (acts := _subcommands(parser))}
    assert [one for one in named if one[0] in with_acts and one[1] not in with_acts[one[0]]] == []


def _subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    choices = [action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(choices[0]) if choices else {}


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    for part, write in PARTS.items():
        text = _marks(part).sub(lambda _, write=write: write() + "\n", text)
    README.write_text(text, encoding="utf-8")
