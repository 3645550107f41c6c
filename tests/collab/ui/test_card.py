"""The card's handlers on real services: what a person sees of a correction, and after each act on it."""

import re
import threading
from datetime import timedelta

import pytest

from collab.feedback.records import CorrectionRecord
from collab.learning.pointer import point
from collab.learning.tables import Promotion, StoredAdapter, TaughtLesson
from collab.people.access import Actor
from collab.ui import card
from collab.ui.acts.card import CARD_ACTS, Add, Forget, Limit, Open, Prove, Settle, Teach, Undo, Unsettle, Withdraw
from collab.ui.screen import Screen
from knowledge.database import utc_now
from knowledge.errors import NotFoundError

QUESTION = "How long can shoes be returned?"


@pytest.fixture
def made(screen: Screen, expert: Actor) -> CorrectionRecord:
    """An expert's correction, live for everyone."""
    return screen.services.corrections.submit(expert, question=QUESTION, answer="Shoes can be returned for 45 days.")


def shown(screen: Screen, actor: Actor, act: object) -> str:
    """The panel after an act."""
    (update,) = card.handle(screen, actor, act)
    return update["panel"]


def attribute(markup: str, testid: str, name: str) -> str:
    """An attribute of the first element with this test id."""
    found = re.search(rf'<[^>]*data-testid="{testid}"[^>]*>', markup)
    assert found, markup
    value = re.search(rf'data-{name}="([^"]*)"', found[0])
    assert value, found[0]
    return value[1]


def test_it_says_whom_it_is_for_and_what_it_answered(screen: Screen, expert: Actor, made: CorrectionRecord) -> None:
    markup = shown(screen, expert, Open(act="open", correction=made.id))
    assert "Live for everyone." in markup
    assert "Has answered nobody yet." in markup
    assert "Written by Eve on " in markup
    assert "Not yet verified" in markup
    assert "No live correction and no passage says otherwise." in markup
    assert "Versions: 1" in markup


@pytest.mark.parametrize(
    ("live", "words"),
    [
        (None, ""),
        (True, "The model has learned this: asked without the correction, it gets it right."),
        (False, "The model was taught this and has not learned it"),
    ],
)
def test_it_says_whether_the_model_has_learned_it(
    screen: Screen, expert: Actor, made: CorrectionRecord, live: bool | None, words: str
) -> None:
    version(screen, "v1", {made.id: live})
    markup = shown(screen, expert, Open(act="open", correction=made.id))
    assert ("card-learned" in markup) is bool(words)
    assert words in markup


def test_it_says_when_a_later_version_has_forgotten_it(screen: Screen, expert: Actor, made: CorrectionRecord) -> None:
    version(screen, "v1", {made.id: True})
    version(screen, "v2", {made.id: False}, instead_of="v1")
    markup = shown(screen, expert, Open(act="open", correction=made.id))
    assert "the one that answers now has forgotten it." in markup


def version(screen: Screen, id: str, taught: dict[str, bool | None], *, instead_of: str | None = None) -> None:
    """A version of the model that was taught these corrections, and is live now."""
    now = utc_now()
    with screen.services.database.write() as session:
        session.add(StoredAdapter(id=id, base="echo", is_passed=True, strength=1.0, created_at=now))
        session.flush()
        session.add_all(
            TaughtLesson(adapter_id=id, lesson_id=lesson, is_right=is_right) for lesson, is_right in taught.items()
        )
        point(session, id, instead_of=instead_of)
        session.add(Promotion(adapter_id=id, previous_id=instead_of, at=now, is_rollback=False))


def test_a_pending_one_is_its_authors_alone(screen: Screen, member: Actor, expert: Actor) -> None:
    pending = screen.services.corrections.submit(member, question=QUESTION, answer="For 45 days.")
    act = Open(act="open", correction=pending.id)
    assert "Only you get this yet; an expert will look." in shown(screen, member, act)
    assert "Only Mel gets this yet; it waits for review." in shown(screen, expert, act)


def test_a_question_moves_to_the_other_side_and_back(screen: Screen, expert: Actor, made: CorrectionRecord) -> None:
    other = "Can boots be returned late?"
    taught = shown(screen, expert, Teach(act="teach", correction=made.id, text=other, side="will"))
    assert "From now on it answers “Can boots be returned late?”." in taught
    assert attribute(taught, "move", "side") == "will_not"
    undo = Forget(act="forget", correction=made.id, example=attribute(taught, "card-undo", "example"), undo="yes")
    back = shown(screen, expert, undo)
    assert "Taken back." in back
    assert "remove-example" not in back

    shown(screen, expert, Teach(act="teach", correction=made.id, text=other, side="will"))
    moved = shown(screen, expert, Teach(act="teach", correction=made.id, text=other, side="will_not"))
    assert "From now on it does not answer “Can boots be returned late?”." in moved
    again = shown(screen, expert, Teach(act="teach", correction=made.id, text=other, side="will_not"))
    assert "“Can boots be returned late?” stands there already." in again
    assert "card-undo" not in again


def test_what_a_member_moves_waits_for_others(screen: Screen, member: Actor, made: CorrectionRecord) -> None:
    markup = shown(screen, member, Add(act="add", correction=made.id, text="Boots, how long?", side="will"))
    assert "it answers “Boots, how long?” for you; an expert will look at it for others." in markup
    assert "only you, an expert will look" in markup
    assert "data-added" in markup
    removed = shown(
        screen, member, Forget(act="forget", correction=made.id, example=attribute(markup, "card-undo", "example"))
    )
    assert "Removed: “Boots, how long?”." in removed
    assert attribute(removed, "card-undo", "side") == "will"


def test_ones_own_wording_of_the_question_itself_is_refused_in_the_form(
    screen: Screen, expert: Actor, made: CorrectionRecord
) -> None:
    (update,) = card.handle(screen, expert, Add(act="add", correction=made.id, text=QUESTION, side="will_not"))
    assert 'data-about="form:card.add"' in update["toast"]
    assert "panel" not in update


def test_it_is_tested_and_then_verified(screen: Screen, expert: Actor, made: CorrectionRecord) -> None:
    markup = shown(screen, expert, Prove(act="prove", correction=made.id))
    assert "Tested: " in markup
    assert "Tested by Eve on " in markup
    assert re.search(r'<tr data-testid="tested-case"><th scope="row" dir="auto">How long can shoes be returned\?</th>'
                     r"<td>Normal answer</td>", markup)  # fmt: skip


def test_a_contradicting_correction_is_replaced_and_comes_back(screen: Screen, expert: Actor) -> None:
    old = screen.services.corrections.submit(expert, question="How long can I return shoes?", answer="For 30 days.")
    new = screen.services.corrections.submit(expert, question=QUESTION, answer="For 45 days.")
    markup = shown(screen, expert, Open(act="open", correction=new.id))
    assert "Here 45 days, there 30 days." in markup
    settle = Settle(act="settle", correction=new.id, about="correction", other=old.id, choice="replace")
    replaced = shown(screen, expert, settle)
    assert "Replaced: this correction has taken its place." in replaced
    assert screen.services.corrections.get(expert, old.id).state == "superseded"
    back = shown(screen, expert, Unsettle(act="unsettle", correction=new.id, about="correction", other=old.id))
    assert "Taken back." in back
    assert screen.services.corrections.get(expert, old.id).state == "live"


def test_it_ends_at_the_end_of_a_day(screen: Screen, expert: Actor, made: CorrectionRecord) -> None:
    day = utc_now().date() + timedelta(days=3)
    markup = shown(screen, expert, Limit(act="limit", correction=made.id, until=day))
    assert "It answers up to and including " in markup
    assert f'value="{day.isoformat()}"' in markup
    kept = screen.services.corrections.get(expert, made.id).valid_until
    assert kept is not None
    assert (kept.date(), kept.hour) == (day + timedelta(days=1), 0)
    assert attribute(markup, "card-undo", "until") == ""
    cleared = CARD_ACTS.validate_python({"act": "limit", "correction": made.id, "until": ""})
    assert "It has no end any more." in shown(screen, expert, cleared)
    (past,) = card.handle(screen, expert, Limit(act="limit", correction=made.id, until=day - timedelta(days=9)))
    assert 'data-about="form:card.limit"' in past["toast"]


def test_it_is_withdrawn_and_back(screen: Screen, expert: Actor, made: CorrectionRecord) -> None:
    gone = shown(screen, expert, Withdraw(act="withdraw", correction=made.id))
    assert "It answers nobody any more." in gone
    assert "withdraw-card" not in gone
    assert ("card-undo" in gone, "undo-card" in gone) == (True, False)
    assert "undo-card" in shown(screen, expert, Open(act="open", correction=made.id))
    back = shown(screen, expert, Undo(act="undo", correction=made.id))
    assert "Taken back." in back
    assert "Live for everyone." in back


def test_somebody_elses_pending_correction_has_no_card(screen: Screen, member: Actor, other: Actor) -> None:
    pending = screen.services.corrections.submit(member, question=QUESTION, answer="For 45 days.")
    with pytest.raises(NotFoundError):
        list(card.handle(screen, other, Open(act="open", correction=pending.id)))


def test_it_says_whose_place_it_takes(screen: Screen, member: Actor, expert: Actor, made: CorrectionRecord) -> None:
    services = screen.services
    services.examples.add(expert, made.id, "Shoes back when?", "will")
    *_, done = services.assistant.reply(member, None, "Shoes back when?", cancel=threading.Event())
    mine = services.corrections.submit(member, turn_id=done.turn.id, answer="For 60 days.")
    act = Open(act="open", correction=mine.id)
    said = f"Once approved, it replaces Eve&#x27;s answer to “{QUESTION}”."
    assert (said in shown(screen, member, act), said in shown(screen, expert, act)) == (True, False)
    assert "<span>Undo this edit</span></button>" in shown(screen, member, act)
    services.corrections.approve(expert, mine.id)
    approved = shown(screen, expert, act)
    assert f"Replaces your answer to “{QUESTION}”." in approved
    assert "<span>Undo the approval</span></button>" in approved
    assert "undo-replacing" not in shown(screen, member, act)
    assert services.corrections.get(expert, made.id).state == "superseded"
    shown(screen, expert, Undo(act="undo", correction=attribute(approved, "undo-replacing", "correction")))
    states = [services.corrections.get(expert, id).state for id in (made.id, mine.id)]
    assert states == ["live", "pending"]


def test_one_undo_brings_back_the_version_before(
    screen: Screen, member: Actor, expert: Actor, made: CorrectionRecord
) -> None:
    assert "undo-replacing" not in shown(screen, expert, Open(act="open", correction=made.id))
    newer = screen.services.corrections.submit(expert, question=QUESTION, answer="For 60 days.")
    markup = shown(screen, expert, Open(act="open", correction=newer.id))
    assert '<p class="quiet">Replaces the version before it.</p><button type="button" class="link"' in markup
    assert "undo-replacing" not in shown(screen, member, Open(act="open", correction=newer.id))
    back = shown(screen, expert, Undo(act="undo", correction=attribute(markup, "undo-replacing", "correction")))
    assert "Taken back." in back
    assert ("undo-replacing" in back, "undo-card" in back) == (False, False)  # the other one stands there now
    assert screen.services.corrections.get(expert, made.id).state == "live"


def test_a_conflict_says_in_words_what_it_is(screen: Screen, expert: Actor, made: CorrectionRecord) -> None:
    answer = "Shoes cannot be returned for 45 days."
    no = screen.services.corrections.submit(expert, question="How long may shoes be returned?", answer=answer)
    markup = shown(screen, expert, Open(act="open", correction=no.id))
    assert '<p class="differs">One says that it is so, the other that it is not.</p>' in markup


def test_it_says_for_whom_what_is_moved_holds(
    screen: Screen, member: Actor, expert: Actor, made: CorrectionRecord
) -> None:
    own = screen.services.corrections.submit(member, question="Who opens the gate?", answer="The porter.")

    def said(actor: Actor, correction: str) -> str:
        markup = shown(screen, actor, Open(act="open", correction=correction))
        return next(words for words in re.findall(r'<p class="quiet">([^<]*)</p>', markup) if "What you move" in words)

    hub = (
        "What you move holds at once. A question close to a great many others is answered for others only once another "
        "expert approves it."
    )
    assert [said(expert, made.id), said(expert, own.id)] == [hub, hub]
    assert said(member, own.id) == "What you move holds at once."
    assert said(member, made.id) == "What you move holds for you at once, for others after review."
