"""Who may import whom. Arrows go down only, and some libraries have one owner."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# From the top down; a module may import its own layer's package and everything below.
LAYERS = (
    ("app", "collab.__main__"),
    ("collab.commands",),
    ("collab.doctor", "collab.upkeep"),
    ("collab.services",),
    ("collab.web",),
    ("collab.ui", "collab.api"),
    ("collab.system",),
    ("collab.vitals",),
    ("collab.learning",),
    ("collab.feedback",),
    ("collab.dialogue",),
    ("collab.people",),
    ("collab.config", "collab.folder"),
    ("collab.tracing",),
    ("collab.texts",),
    ("collab.errors",),
    ("collab",),
    ("knowledge",),
)

OWNERS = {
    "gradio": ("collab/ui", "collab/web"),
    "faiss": ("knowledge/index",),
    "sentence_transformers": ("knowledge/embedding.py", "knowledge/scope"),
    "prometheus_client": ("collab/metrics.py", "collab/vitals.py"),
    "opentelemetry": ("collab/tracing.py",),
    "peft": ("collab/learning", "collab/dialogue/engines"),
    "tensorboardX": ("collab/learning/tracking.py",),
    "trl": ("collab/learning", "collab/dialogue/engines"),
}


def _files() -> list[Path]:
    found = [ROOT / "app.py", *ROOT.glob("knowledge/**/*.py"), *ROOT.glob("collab/**/*.py")]
    return sorted(path.relative_to(ROOT) for path in found)


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _imports(tree: ast.AST) -> Iterator[str]:
    """Every imported module. Imports for type checkers alone make no dependency at run time and do not count."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        yield from _imports(node)


def _layer(module: str) -> int | None:
    for depth, members in enumerate(LAYERS):
        if any(module == member or module.startswith(member + ".") for member in members):
            return depth
    return None


def breach(importer: str, imported: str) -> str | None:
    """Says what is wrong with one import, or None."""
    from_layer, to_layer = _layer(importer), _layer(imported)
    if to_layer is None or from_layer is None:
        return None
    if to_layer < from_layer:
        return f"{importer} imports {imported}, which stands above it"
    beside = LAYERS[to_layer]
    if to_layer == from_layer and len(beside) > 1 and importer.split(".")[1:2] != imported.split(".")[1:2]:
        return f"{importer} imports {imported}, which stands beside it"
    return None


@pytest.mark.parametrize("path", _files(), ids=str)
def test_imports_go_down_only(path: Path) -> None:
    imports = _imports(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    assert [wrong for name in imports if (wrong := breach(_module(path), name))] == []


@pytest.mark.parametrize("path", _files(), ids=str)
def test_libraries_have_one_owner(path: Path) -> None:
    for name in _imports(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        owners = OWNERS.get(name.split(".")[0])
        assert owners is None or path.as_posix().startswith(owners), f"{path} imports {name}"


@pytest.mark.parametrize("path", _files(), ids=str)
def test_only_the_settings_read_the_environment(path: Path) -> None:
    nodes = ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    reads = [node for node in nodes if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")]
    assert not reads or path.as_posix() == "collab/config.py"


def test_the_rules_can_fail() -> None:
    assert breach("knowledge.memory", "collab.errors") is not None
    assert breach("collab.people.access", "collab.dialogue.records") is not None
    assert breach("collab.api.chat", "collab.ui.screen") is not None
    assert breach("collab.api.chat", "collab.services") is not None
    assert breach("collab.web.app", "collab.ui") is None
    assert breach("collab.dialogue.assistant", "knowledge.memory") is None
    tree = ast.parse("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\ndef f():\n    import b\n")
    assert list(_imports(tree)) == ["typing.TYPE_CHECKING", "b"]
