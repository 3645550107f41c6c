"""An example on the desk of review, on real services: what was said of several corrections lists each."""

from collab.dialogue.conversations import NewTurn
from collab.dialogue.records import Decision
from collab.feedback.tables import Origin
from collab.people.access import Actor
from collab.ui import review_tab
from collab.ui.acts.review import Decide, Undecide
from collab.ui.navigation import waiting
from collab.ui.screen import Screen
from tests.collab.ui.cases import submit

ASKED = "Who opens the other gate?"


def test_a_no_to_several_is_read_decided_and_taken_back_as_one(screen: Screen, member: Actor, expert: Actor) -> None:
    ids = [submit(screen, expert, f"Who opens gate {n}?", f"Porter {n}.") for n in (1, 2)]
    new = NewTurn(ASKED, ASKED, False, "en", "Nobody.", Decision.MODEL, 0.5)
    turn = screen.services.conversations.record(member, None, new).id
    said = screen.services.examples.add_all(member, ids, ASKED, "will_not", origin=Origin.NO, turn_id=turn)
    assert waiting(screen, expert) == 1
    case = screen.services.cases.page(expert).cases[0].ref
    shown = review_tab.shown(screen, expert, case)["review"]
    assert "Said of 2 corrections at once; your decision holds for each." in shown
    assert all(words in shown for words in ("Porter 1.", "Porter 2.", "+1 alike"))
    (done,) = review_tab.handle(screen, expert, Decide(act="decide", chosen={case: None}, verdict="approve", reason=""))
    assert [screen.services.examples.get(expert, one.id).state for one in said] == ["live", "live"]
    assert all(f"example:{one.id}" in done["toast"] for one in said)
    back = Undecide(act="undecide", decided=[f"example:{one.id}" for one in said])
    list(review_tab.handle(screen, expert, back))
    assert waiting(screen, expert) == 1
