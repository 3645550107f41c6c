"""Every service method takes the person and checks: each is called by each role, on what is Mel's and everyone's."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest

from collab.dialogue.assistant import Assistant
from collab.dialogue.conversations import Conversations, NewTurn
from collab.dialogue.records import ConversationRecord, Decision
from collab.feedback.case_records import Outcome, Page
from collab.feedback.cases import Cases
from collab.feedback.corrections import Corrections
from collab.feedback.notices import Notices
from collab.feedback.queue import Filter, Order
from collab.feedback.ratings import Ratings
from collab.feedback.records import CorrectionRecord
from collab.people.access import Actor, Role
from collab.people.documents import Documents
from collab.people.passages import Passages
from collab.services import Services
from collab.system import System
from knowledge.evidence import Found
from knowledge.records import DocumentRecord
from tests.collab.calling import assert_complete, found, outcome, rows, serving

MEL = Actor("mel", "mel", Role.MEMBER)
CALLERS = {
    "author": MEL,
    "member": Actor("oli", "oli", Role.MEMBER),
    "expert": Actor("eve", "eve", Role.EXPERT),
    "admin": Actor("ada", "ada", Role.ADMIN),
}
_number = itertools.count(1)


@dataclass(frozen=True)
class Mels:
    """A conversation of Mel's with a turn, a pending correction of it, a document of hers and one for everyone."""

    services: Services
    question: str
    conversation: str
    turn: str
    pending: str
    document: str
    shared: str

    @property
    def case(self) -> str:
        """The pending correction as a case."""
        return f"correction:{self.pending}"

    @classmethod
    def made(cls, services: Services) -> "Mels":
        question = f"What does ticket {next(_number)} cost?"
        turn = services.conversations.record(MEL, None, _turn(question))
        pending = services.corrections.submit(MEL, turn_id=turn.id, answer="Ten euros.").id
        own = services.library.add(f"{question}.md", question.encode(), "person:mel").id
        shared = services.library.add(f"{question}.md", question.encode(), "everyone").id
        return cls(services, question, turn.conversation_id, turn.id, pending, own, shared)


def _turn(question: str) -> NewTurn:
    return NewTurn(question, question, False, "en", "Nine euros.", Decision.GROUNDED, 0.9)


Call = Callable[[Mels, Actor], object]
HERS = {"author": "ok", "member": "not_found", "expert": "not_found", "admin": "not_found"}
ALL = dict.fromkeys(CALLERS, "ok")
REVIEW = {"author": "not_allowed", "member": "not_allowed", "expert": "ok", "admin": "ok"}
UNRATED = {**REVIEW, "expert": "not_found", "admin": "not_found"}
ADMIN = {"author": "not_allowed", "member": "not_allowed", "expert": "not_allowed", "admin": "ok"}
EXPERTS = {"author": "not_found", "member": "not_found", "expert": "ok", "admin": "ok"}
SEEN = {"author": "ok", "member": "not_found", "expert": "ok", "admin": "ok"}

TABLE: dict[tuple[type, str], list[tuple[Call, dict[str, str]]]] = {
    (Conversations, "list"): [(lambda m, a: _within(m.conversation, m.services.conversations.list(a)), HERS)],
    (Conversations, "search"): [
        (lambda m, a: _within(m.conversation, m.services.conversations.search(a, m.question)), HERS)
    ],
    (Conversations, "get"): [(lambda m, a: m.services.conversations.get(a, m.conversation), HERS)],
    (Conversations, "kept_turn"): [(lambda m, a: m.services.conversations.kept_turn(a, m.turn), HERS)],
    (Conversations, "begin"): [(lambda m, a: m.services.conversations.begin(a, m.question), ALL)],
    (Conversations, "choose"): [(lambda m, a: m.services.conversations.choose(a, m.turn), HERS)],
    (Conversations, "rename"): [(lambda m, a: m.services.conversations.rename(a, m.conversation, "Fees"), HERS)],
    (Conversations, "pin"): [(lambda m, a: m.services.conversations.pin(a, m.conversation, is_pinned=True), HERS)],
    (Conversations, "keep"): [(lambda m, a: m.services.conversations.keep(a, m.conversation), HERS)],
    (Conversations, "delete"): [(lambda m, a: m.services.conversations.delete(a, m.conversation), HERS)],
    (Conversations, "deleted"): [(lambda m, a: _within(m.conversation, _put_away(m).conversations.deleted(a)), HERS)],
    (Conversations, "restore"): [(lambda m, a: m.services.conversations.restore(a, m.conversation), HERS)],
    (Conversations, "leave"): [(lambda m, a: m.services.conversations.leave(a, m.conversation), HERS)],
    (Conversations, "turns"): [(lambda m, a: m.services.conversations.turns(a, m.conversation), HERS)],
    (Conversations, "turn"): [(lambda m, a: m.services.conversations.turn(a, m.turn), HERS)],
    (Conversations, "require"): [(lambda m, a: m.services.conversations.require(a, m.conversation), HERS)],
    (Conversations, "record"): [
        (lambda m, a: m.services.conversations.record(a, m.conversation, _turn(m.question)), HERS)
    ],
    (Assistant, "reply"): [(lambda m, a: list(m.services.assistant.reply(a, m.conversation, m.question)), HERS)],
    (Ratings, "rate"): [(lambda m, a: m.services.ratings.rate(a, m.turn, "up"), HERS)],
    (Ratings, "of"): [(lambda m, a: found(_rated(m).ratings.of(a, [m.turn])), HERS)],
    (Corrections, "list"): [(lambda m, a: _within(m.pending, m.services.corrections.list(a)), SEEN)],
    (Corrections, "get"): [(lambda m, a: m.services.corrections.get(a, m.pending), SEEN)],
    (Corrections, "of_turns"): [(lambda m, a: found(m.services.corrections.of_turns(a, [m.turn])), HERS)],
    (Corrections, "attributions"): [
        (lambda m, a: found(m.services.corrections.attributions(a, [m.pending])[m.pending].answer), HERS)
    ],
    (Cases, "page"): [(lambda m, a: found(m.case in [case.ref for case in _newest(m, a).cases]), REVIEW)],
    (Cases, "open"): [
        (lambda m, a: m.services.cases.open(a, m.case), REVIEW),
        (lambda m, a: m.services.cases.open(a, f"turn:{m.turn}"), UNRATED),
    ],
    (Cases, "count"): [(lambda m, a: found(m.services.cases.count(a)), REVIEW)],
    (Cases, "authors"): [(lambda m, a: found("mel" in m.services.cases.authors(a)), REVIEW)],
    (Cases, "reviewers"): [(lambda m, a: found("eve" in m.services.cases.reviewers(a)), REVIEW)],
    (Cases, "assign"): [(lambda m, a: m.services.cases.assign(a, m.case, "eve"), REVIEW)],
    (Cases, "resolve"): [
        (lambda m, a: _rated(m, "down").cases.resolve(a, m.turn, "Done."), REVIEW),
        (lambda m, a: m.services.cases.resolve(a, m.turn, "Done."), UNRATED),
    ],
    (Cases, "reopen"): [(lambda m, a: _resolved(m).cases.reopen(a, m.turn), {**REVIEW, "expert": "case_closed"})],
    (Cases, "one_each"): [(lambda m, a: found(m.services.cases.one_each(a, [m.case])), REVIEW)],
    (Cases, "decide"): [(lambda m, a: _raised(m.services.cases.decide(a, {m.case: 1}, "reject", "No.")), REVIEW)],
    (Notices, "unread"): [(lambda m, a: found(_told(_resolved(m), a, m.turn)), HERS)],
    (Notices, "read"): [(lambda m, a: m.services.notices.read(a, _told(_resolved(m), MEL, m.turn)), HERS)],
    (Notices, "read_all"): [(lambda m, a: _read(_resolved(m), a, m.turn), HERS)],
    (Corrections, "submit"): [
        (lambda m, a: m.services.corrections.submit(a, turn_id=m.turn, answer="Eleven."), HERS),
        (lambda m, a: m.services.corrections.submit(a, question=m.question, answer="Eleven."), ALL),
    ],
    (Corrections, "withdraw"): [(lambda m, a: m.services.corrections.withdraw(a, m.pending), SEEN)],
    (Corrections, "approve"): [(lambda m, a: m.services.corrections.approve(a, m.pending), REVIEW)],
    (Corrections, "reject"): [(lambda m, a: m.services.corrections.reject(a, m.pending, "No."), REVIEW)],
    (Corrections, "undo"): [
        (
            lambda m, a: m.services.corrections.undo(a, m.pending),
            {**SEEN, "expert": "correction_state", "admin": "correction_state"},
        ),
        (
            lambda m, a: _approved(m).corrections.undo(a, m.pending),
            {**SEEN, "author": "correction_state", "expert": "correction_state"},
        ),
    ],
    (Documents, "list"): [(lambda m, a: _within(m.document, m.services.documents.list(a)), HERS)],
    (Documents, "get"): [
        (lambda m, a: m.services.documents.get(a, m.document), HERS),
        (lambda m, a: m.services.documents.get(a, m.shared), ALL),
    ],
    (Documents, "passages"): [(lambda m, a: found(m.services.documents.passages(a, m.document)), HERS)],
    (Documents, "passage"): [(lambda m, a: m.services.documents.passage(a, _passage(m)), HERS)],
    (Documents, "search"): [
        (
            lambda m, a: found([f for f in _searched(m, a) if f.passage.document_id == m.document]),
            HERS,
        ),
        (lambda m, a: found([f for f in _searched(m, a) if f.passage.document_id == m.shared]), ALL),
    ],
    (Documents, "add"): [(lambda m, a: m.services.documents.add(a, "x.md", m.question.encode()), ALL)],
    (Documents, "remove"): [
        (lambda m, a: m.services.documents.remove(a, m.document), HERS),
        (lambda m, a: m.services.documents.remove(a, m.shared), REVIEW),
    ],
    (Documents, "add_all"): [
        (lambda m, a: found(m.services.documents.add_all(a, "x.md", m.question.encode())[0]), ALL)
    ],
    (Documents, "replace"): [
        (lambda m, a: m.services.documents.replace(a, m.document, "x.md", b"Lunch."), HERS),
        (lambda m, a: m.services.documents.replace(a, m.shared, "x.md", b"Lunch."), REVIEW),
    ],
    (Documents, "deleted"): [
        (lambda m, a: _within(m.document, _deleted(m, m.document).documents.deleted(a)), HERS),
        (lambda m, a: _within(m.shared, _deleted(m, m.shared).documents.deleted(a)), EXPERTS),
    ],
    (Documents, "bring_back"): [
        (lambda m, a: _deleted(m, m.document).documents.bring_back(a, m.document), HERS),
        (lambda m, a: _deleted(m, m.shared).documents.bring_back(a, m.shared), EXPERTS),
    ],
    (Documents, "export"): [(lambda m, a: found(b"".join(m.services.documents.export(a))), ALL)],
    (Passages, "disable"): [
        (lambda m, a: m.services.passages.disable(a, _passage(m)), HERS),
        (lambda m, a: m.services.passages.disable(a, _passage_of_all(m)), REVIEW),
    ],
    (Passages, "enable"): [
        (lambda m, a: m.services.passages.enable(a, _passage(m)), HERS),
        (lambda m, a: m.services.passages.enable(a, _passage_of_all(m)), REVIEW),
    ],
    (Passages, "correct"): [
        (lambda m, a: m.services.passages.correct(a, _passage(m), "Lunch."), HERS),
        (lambda m, a: m.services.passages.correct(a, _passage_of_all(m), "Lunch."), REVIEW),
    ],
    (Passages, "restore"): [
        (lambda m, a: m.services.passages.restore(a, _passage(m)), HERS),
        (lambda m, a: m.services.passages.restore(a, _passage_of_all(m)), REVIEW),
    ],
    (System, "report"): [(lambda m, a: m.services.system.report(a), ADMIN)],
}
# The command line's own, what happens by itself, and names for documents that the reader has in hand.
WITHOUT_A_PERSON = {
    (Assistant, "end"),
    (Assistant, "has_ended"),
    (Conversations, "erase_left"),
    (Documents, "add_for_everyone"),
    (Documents, "add_all_for_everyone"),
    (Documents, "authors"),
    (Documents, "erase_old"),
}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with serving(tmp_path_factory.mktemp("data"), CALLERS.values()) as services:
        yield services


@pytest.mark.parametrize(("call", "expected"), rows(TABLE))
def test_each_method_with_each_role(services: Services, call: Call, expected: dict[str, str]) -> None:
    outcomes = {caller: outcome(call, Mels.made(services), actor) for caller, actor in CALLERS.items()}
    assert outcomes == expected


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, WITHOUT_A_PERSON)


def _within(id: str, records: Sequence[ConversationRecord | CorrectionRecord | DocumentRecord]) -> None:
    found(id in [record.id for record in records])


def _put_away(mels: Mels) -> Services:
    mels.services.conversations.delete(CALLERS["author"], mels.conversation)
    return mels.services


def _deleted(mels: Mels, document: str) -> Services:
    mels.services.library.delete(document)
    return mels.services


def _newest(mels: Mels, actor: Actor) -> Page:
    return mels.services.cases.page(actor, Filter(order=Order.NEWEST))


def _resolved(mels: Mels) -> Services:
    _rated(mels, "down").cases.resolve(CALLERS["admin"], mels.turn, "Done.")
    return mels.services


def _raised(outcomes: Sequence[Outcome]) -> None:
    for one in outcomes:
        if one.error is not None:
            raise one.error


def _told(services: Services, actor: Actor, turn: str) -> str:
    """The notice about a turn; empty where the person has none."""
    return next((told.id for told in services.notices.unread(actor) if told.turn_id == turn), "")


def _read(services: Services, actor: Actor, turn: str) -> None:
    """Whoever reads all of their own leaves those of others unread."""
    services.notices.read_all(actor)
    found(not _told(services, MEL, turn))


def _passage(mels: Mels) -> int:
    return mels.services.documents.passages(MEL, mels.document)[0].id


def _passage_of_all(mels: Mels) -> int:
    return mels.services.documents.passages(MEL, mels.shared)[0].id


def _searched(mels: Mels, actor: Actor) -> list[Found]:
    return mels.services.documents.search(actor, mels.question, 50)


def _rated(mels: Mels, rating: str = "up") -> Services:
    mels.services.ratings.rate(MEL, mels.turn, rating)
    return mels.services


def _approved(mels: Mels) -> Services:
    mels.services.corrections.approve(CALLERS["admin"], mels.pending)
    return mels.services
