"""The proof of a correction as markup: the word that stands beside it, and what a test showed, question by question."""

from collections.abc import Sequence

from collab.feedback.proofs import Basis, Outcome, ProofCase, ProofRecord
from collab.feedback.tables import Side
from collab.texts import Texts
from collab.ui.present.html import icon, tag, text
from knowledge.scope import Decision

_MARKS = {"right": "tick", "wrong": "cross", "missed": "ring"}


def mark(t: Texts, *, is_verified: bool) -> str:
    """*Verified* or *not yet*: a word with a shape."""
    drawing, key = ("seal", "card.verified") if is_verified else ("ring", "card.not_yet")
    kind = "verified" if is_verified else "not-yet"
    return tag("span", icon(drawing) + text(t(key)), class_=f"proof {kind}", data_testid="proof")


def tested(t: Texts, proof: ProofRecord | None, correction_id: str) -> str:
    """The last test: who and when, and a small table of before and after."""
    if proof is None:
        return tag("p", text(t("card.test.never")), class_="quiet")
    said = t("card.test.by", name=proof.by, date=t.date(proof.at))
    old = "" if proof.is_current else tag("p", icon("clock") + text(t("card.test.old")), class_="standing pending")
    return old + tag("p", text(said), class_="quiet") + _table(t, proof.cases, correction_id)


def _table(t: Texts, cases: Sequence[ProofCase], correction_id: str) -> str:
    names = "".join(tag("th", text(t(f"card.{name}")), scope="col") for name in ("case", "before", "after"))
    groups = "".join(
        _group(t, name, [case for case in cases if _group_of(case) == name], correction_id)
        for name in ("question", "will", "will_not")
    )
    return tag("table", tag("thead", tag("tr", names)) + groups, class_="tested", data_testid="tested")


def _group_of(case: ProofCase) -> str:
    if case.basis is Basis.QUESTION:
        return "question"
    return "will" if case.side is Side.WILL else "will_not"


def _group(t: Texts, name: str, cases: Sequence[ProofCase], correction_id: str) -> str:
    if not cases:
        return ""
    title = tag("tr", tag("th", text(t(f"card.group.{name}")), colspan=3, scope="rowgroup"), class_="group")
    return tag("tbody", title + "".join(_case(t, case, correction_id) for case in cases))


def _case(t: Texts, case: ProofCase, correction_id: str) -> str:
    is_missed = case.basis is Basis.MADE_UP and case.side is Side.WILL  # nobody gets a wrong answer by it
    name = "right" if case.is_right else "missed" if is_missed else "wrong"
    words = tag("span", text(t(f"card.{name}")), class_="sr") + text(_outcome(t, case.after, correction_id))
    cells = (
        tag("th", text(case.text), scope="row", dir="auto")
        + tag("td", text(_outcome(t, case.before, correction_id)))
        + tag("td", icon(_MARKS[name]) + words, class_=name)
    )
    return tag("tr", cells, data_testid="tested-case")


def _outcome(t: Texts, outcome: Outcome, correction_id: str) -> str:
    if outcome.decision is Decision.APPLY:
        return t("card.outcome.this" if outcome.correction_id == correction_id else "card.outcome.other")
    return t("card.outcome.offered" if outcome.decision is Decision.SUGGEST else "card.outcome.normal")
