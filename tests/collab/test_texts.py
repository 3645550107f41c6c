"""The catalogues hold the same keys and placeholders, and every key that is used."""

import ast
import re
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collab.errors import EngineError
from collab.texts import _tree, load_texts, say
from knowledge.errors import NotFoundError
from knowledge.scope import Reason

ROOT = Path(__file__).parents[2]
EN, ZH = load_texts("en")._catalogue, load_texts("zh")._catalogue


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    assert set(EN) == set(ZH)
    assert {key for key in EN if _placeholders(EN[key]) != _placeholders(ZH[key])} == set()


def test_every_key_in_the_code_has_a_text() -> None:
    used: set[str] = set()
    for path in [*(ROOT / "collab/ui").rglob("*.py"), *(ROOT / "assets/pages").glob("*.html")]:
        used |= set(re.findall(r'\bt(?:exts)?\(\s*"([a-z_.0-9]+)"', path.read_text(encoding="utf-8")))
    assert len(used) > 80
    assert used - set(EN) == set()


def test_no_text_stands_unused() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("collab", "assets/pages")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".html")
    )
    families = (
        "age alignment badge card column curve document edited error keys kind learn margin models passage reach "
        "reason review role room score side state sure system talk taught tip told top try word why"
    )
    literal = {key for key in EN if key.split(".")[0] not in families.split()}
    saved = {
        f"correct.saved.{whom}" for whom in ("author", "everyone", "private", "style", "style.yet", "style.private")
    }
    reasons = ("wrong_fact", "outdated", "not_relevant", "style", "unsafe")
    built = {"act.up", "act.down"} | saved | {f"rate.{what}.{name}" for what in ("done", "next") for name in reasons}
    assert {key for key in literal - built if f'"{key}"' not in code} == set()


def test_every_reason_for_an_answer_has_words() -> None:
    dialogue = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "collab/dialogue").glob("*.py"))
    said = set(re.findall(r'"(why\.[a-z_]+)"', dialogue))
    failed = {f"why.{error.code}" for error in _tree(EngineError)}
    assert said >= {"why.quoted", "why.only_quotes", "why.no_sources_needed"}
    assert failed >= {"why.engine_away", "why.queue_full", "why.model_load_failed"}
    assert {key for key in EN if key.startswith("why.")} == said | failed | set(Reason)


def test_an_error_is_told_in_the_readers_language() -> None:
    error = NotFoundError(what="turn")
    assert load_texts("en").error(error.code, error.params) == str(error)
    assert load_texts("zh").error(error.code, error.params).startswith("没有这个编号的回答")


def test_what_an_error_names_has_words_in_every_language() -> None:
    """Each text that code puts into an error for the screen; REST, which speaks English, has its own."""
    named: set[str] = set()
    for path in [*(ROOT / "collab").rglob("*.py"), *(ROOT / "knowledge").rglob("*.py")]:
        if ROOT / "collab/api" not in path.parents:
            calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if _is_error(node)]
            named |= {text for call in calls for text in _literals(call, {"what", "act", "reason", "advice", "found"})}
    assert named >= {"turn", "reject", "approve your own correction", "it names no page", "the folder does not exist"}
    assert {text for text in named if f"word.{text}" not in ZH} == set()


def _is_error(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Error")


def _literals(call: ast.AST, fields: set[str]) -> set[str]:
    given = [keyword for keyword in ast.walk(call) if isinstance(keyword, ast.keyword) and keyword.arg in fields]
    values = [one.value.value for one in given if isinstance(one.value, ast.Constant)]
    return {value for value in values if isinstance(value, str)}


def test_an_unknown_error_gives_the_general_sentence() -> None:
    assert load_texts("zh").error("never_heard_of", {}) == ZH["error.error"]


def test_dates_and_ages_read_naturally() -> None:
    moment = datetime(2026, 11, 3, 12, tzinfo=UTC)
    assert load_texts("en").date(moment) == "3 Nov 2026"
    assert load_texts("zh").date(moment) == "2026年11月3日"
    assert load_texts("en").age(moment, moment + timedelta(seconds=59)) == "just now"
    assert load_texts("en").age(moment, moment + timedelta(minutes=1)) == "1 minute ago"
    assert load_texts("en").age(moment, moment + timedelta(hours=25)) == "1 day ago"
    assert load_texts("zh").age(moment, moment + timedelta(hours=3)) == "3 小时前"


def test_times_are_those_of_the_readers_clock() -> None:
    moment = datetime(2026, 11, 3, 17, 5, tzinfo=UTC)
    shanghai = load_texts("zh").in_zone("Asia/Shanghai")
    assert (shanghai.time(moment), shanghai.date(moment)) == ("01:05", "2026年11月4日")
    for unknown in ("", "Moon/Base", "../../etc/passwd", "Asia"):
        assert load_texts("en").in_zone(unknown).time(moment) == "17:05"


def test_say_gives_one_text() -> None:
    assert say("zh", "chat.send") == "发送"
