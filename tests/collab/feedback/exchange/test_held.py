"""Rows whose question is near a great many others wait for review, whoever brings them in."""

import pytest
import sqlalchemy as sa

from collab.feedback.exchange.importing import Imports
from collab.feedback.exchange.plans import ImportPlan, OnConflict
from collab.feedback.hubs import CROWD, HUB, CommonQuestions, Hubs, is_hub
from collab.feedback.tables import Correction
from collab.people.access import Actor
from knowledge.memory import CorrectionMemory
from tests.collab.feedback.conftest import ADA, EDO, EVE, MEL, OLI, House
from tests.collab.feedback.exchange.conftest import Desk
from tests.collab.feedback.exchange.test_importing import counts
from tests.collab.feedback.test_hubs import CLEAR, VAGUE, Compass

HEAD = "question,other_questions,answer,valid_until\n"
HUB_ROW, OTHER_ROW = "Tickets?,,At the desk.,\n", "Who feeds the penguins?,,Jo does.,\n"


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Fifty people have asked for tickets."""
    for number in range(HUB):
        desk.house.turn(OLI, f"Which ticket is number {number}?")
    return desk


def weighed(desk: Desk, content: str, actor: Actor = ADA, imports: Imports | None = None) -> ImportPlan:
    entries = desk.entries(desk.file(content))
    plan = (imports or desk.imports).plan(actor, entries)
    (imports or desk.imports).weigh(actor, entries, plan, lambda done, total: None)
    return plan


def kept(house: House) -> dict[str, tuple[str, str | None]]:
    with house.database.read() as session:
        rows = session.execute(sa.select(Correction.question, Correction.state, Correction.held))
        return {question: (state, held) for question, state, held in rows}


def test_a_hub_by_its_words_waits_and_the_dry_run_says_so(busy: Desk) -> None:
    path = busy.file(HEAD + HUB_ROW + OTHER_ROW)
    plan = weighed(busy, path.read_text())
    assert (counts(plan), plan.held) == ({"new": 2}, 1)
    assert [(one.number, one.question, one.reason) for one in plan.waiting] == [(2, "Tickets?", "Tickets?")]
    assert kept(busy.house) == {}
    done = busy.take(path)
    assert (done.rows, done.held) == (2, 1)
    assert kept(busy.house) == {"Tickets?": ("pending", "hub"), "Who feeds the penguins?": ("live", None)}
    assert busy.house.everybody("Tickets?") == {"mel": None, "oli": None, "eve": None}
    assert busy.house.answers(ADA, "Tickets?") == "At the desk."
    assert [(one.kind, one.params) for one in busy.house.notices.unread(ADA)] == [("held", {"question": "Tickets?"})]


def test_the_same_file_again_finds_what_waits_or_was_refused(busy: Desk) -> None:
    path = busy.file(HEAD + HUB_ROW)
    busy.take(path)
    assert counts(busy.plan(path)) == {"unchanged": 1}
    (waiting,) = busy.house.corrections.list(EDO)
    busy.house.corrections.reject(EDO, waiting.id, "Too wide.")
    assert counts(busy.plan(path)) == {"unchanged": 1}
    assert busy.take(path).rows == 0


def test_approved_it_answers_and_takes_the_old_ones_place(busy: Desk) -> None:
    busy.house.corrections.submit(EVE, question="Which ticket for dogs?", answer="None.")
    path = busy.file(HEAD + "Tickets?,Which ticket for dogs?,At the desk.,2026-12-24\n")
    done = busy.take(path, EVE, on_conflict=OnConflict.REPLACE)
    assert (done.rows, done.superseded, done.held) == (1, 0, 1)
    assert busy.house.answers(MEL, "Which ticket for dogs?") == "None."
    made = next(one for one in busy.house.corrections.list(EDO) if one.held)
    assert busy.house.corrections.approve(EDO, made.id).valid_until is not None
    assert busy.house.answers(MEL, "Tickets?") == "At the desk."


def test_another_question_that_is_a_hub_makes_the_row_wait(busy: Desk) -> None:
    plan = weighed(busy, HEAD + "Who feeds the penguins?,The tickets,Jo does.,\n")
    assert [(one.question, one.reason) for one in plan.waiting] == [("Who feeds the penguins?", "The tickets")]
    made = busy.house.corrections.submit(EVE, question="Who feeds the penguins?", answer="Jo does.")
    done = busy.take(busy.file(HEAD + "Who feeds the penguins?,The tickets,Jo does.,\n"))
    assert (done.rows, done.taught, done.held) == (0, 1, 1)
    (added,) = busy.house.examples.of(ADA, made.id)
    assert (added.text, added.state) == ("The tickets", "pending")
    busy.house.examples.reject(EDO, added.id, "Which tickets?")
    assert busy.take(busy.folder / "rows.csv").taught == 0  # what was rejected does not come again


def test_what_waits_anyway_is_not_weighed(busy: Desk) -> None:
    assert weighed(busy, HEAD + HUB_ROW, MEL).held == 0
    busy.take(busy.file(HEAD + HUB_ROW), MEL)
    assert kept(busy.house) == {"Tickets?": ("pending", None)}
    busy.take(busy.file("question,answer,kind\nTickets?,Sure!,style\n"))
    assert [(one.state, one.held) for one in busy.house.corrections.list(ADA) if one.kind == "style"] == [
        ("live", None)
    ]


def test_a_hub_by_its_meaning_waits(desk: Desk) -> None:
    house, compass = desk.house, Compass()
    memory = CorrectionMemory(house.database, compass)
    common = CommonQuestions(house.database, compass, lambda job: job())
    imports = Imports(house.database, memory, house.clock, common, batch=2)
    rows = f"question,answer\n{VAGUE},At the desk.\n{CLEAR},Jo does.\n"
    for number in range(CROWD - 1):
        house.turn(OLI, f"Where is exhibit {number} shown?")
    assert weighed(desk, rows, imports=imports).held == 0
    assert not {VAGUE, CLEAR} & set(compass.read)  # nothing was embedded in vain
    house.turn(OLI, "Where is exhibit 77 shown?")
    plan = weighed(desk, rows, imports=imports)
    assert [one.question for one in plan.waiting] == [VAGUE]
    done = imports.write(ADA, desk.entries(desk.folder / "rows.csv"), plan, "rows.csv", lambda done, total: None)
    assert (done.rows, done.held) == (2, 1)
    assert kept(house) == {VAGUE: ("pending", "hub"), CLEAR: ("live", None)}


def test_many_are_found_as_one_is(busy: Desk) -> None:
    texts = ["Tickets?", "Is it?", "Ticket number", "Which ticket is number 3?", "Penguins?", "Dog tickets"]
    with busy.house.database.read() as session:
        alone = {text for text in texts if is_hub(session, text)}
    assert Hubs(busy.house.database, None).among(texts, {}) == alone == {"Tickets?", "Is it?", "Ticket number"}
