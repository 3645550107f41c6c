"""How careful the memory is: what becomes of known questions at each setting, by hand, and as memory decides."""

import pytest

from collab.errors import NotAllowedError
from collab.feedback import curve_rows
from collab.feedback.curve import Curves, Work
from collab.feedback.curve_records import CAREFUL, COSTS, Effect, KnownQuestion, Point, Seen, first_down, points
from collab.feedback.tables import Side
from knowledge.memory import CorrectionMemory
from knowledge.scope import Decision
from tests.collab.feedback.conftest import ADA, AFTER, EVE, MEL, QUESTION, START, House
from tests.fakes import WordEmbedder

NOTHING = Seen(None, 0.1)
NEAR = "Can you tell me: is the museum open on Mondays?"
HEADS = "When may one come in at the start of the week?"


def question(careful: Seen, careless: Seen | None = None, side: Side = Side.WILL, text: str = "") -> KnownQuestion:
    return KnownQuestion(text, "a", side, False, False, careful, careless or careful)


def test_what_answers_at_which_setting() -> None:
    sure = question(Seen("a", 0.96, ("a",)))  # .96 / .04 = 24
    assert [sure.effect(cost) for cost in (1, 9, 19, 24, 25)] == ["answered"] * 4 + ["offered"]
    vetoed = question(Seen(None, 0.97, ("a",)), Seen("a", 0.97, ("a",)))  # the lowest setting does not know the veto
    assert [vetoed.effect(cost) for cost in (1, 2, 99)] == ["answered", "offered", "offered"]
    other = question(Seen("b", 0.95, ("b",)))
    assert [other.effect(cost) for cost in (1, 19, 49)] == [Effect.MISSED] * 3
    between = question(Seen("b", 0.8, ("a",)))  # b answers up to 4, else a is offered
    assert [between.effect(cost) for cost in (2, 4, 9)] == ["missed", "missed", "offered"]
    assert [one.highest for one in (sure, vetoed, other)] == [pytest.approx(24), 1.0, None]


def test_the_points_count_both_sides() -> None:
    known = [
        question(Seen("a", 0.96, ("a",))),
        question(Seen("a", 0.6, ("a",))),
        question(NOTHING),
        question(Seen("a", 0.85, ("a",)), side=Side.WILL_NOT),  # .85 / .15 = 5.7
        question(NOTHING, side=Side.WILL_NOT),
    ]
    found = {point.cost: point for point in points(known, 5)}
    assert list(found) == [1, 2, 4, 5, 9, 19, 49, 99]
    assert found[1] == Point(1, answered=2, offered=0, missed=1, hijacked=1)
    assert found[5] == Point(5, answered=1, offered=1, missed=1, hijacked=1)
    assert found[9] == Point(9, answered=1, offered=1, missed=1, hijacked=0)
    assert found[99] == Point(99, answered=0, offered=2, missed=1, hijacked=0)


def test_which_come_first_on_the_way_down() -> None:
    known = [
        question(Seen("a", 0.6, ("a",)), side=Side.WILL_NOT, text="late"),
        question(Seen("a", 0.9, ("a",)), side=Side.WILL_NOT, text="first"),
        question(NOTHING, side=Side.WILL_NOT, text="never"),
        question(Seen("a", 0.8, ("a",)), text="right"),
    ]
    assert [one.text for one, _ in first_down(known, Side.WILL_NOT)] == ["first", "late"]
    assert [one.text for one, _ in first_down(known, Side.WILL, below=4.5)] == ["right"]
    assert first_down(known, Side.WILL, below=3.5) == []


@pytest.fixture
def curves(house: House) -> Curves:
    """At the usual setting; what goes on in the background is done at once."""
    return Curves(house.database, lambda cost: at(house, cost), house.clock, 9, lambda job: job())


def at(house: House, cost: float) -> CorrectionMemory:
    return CorrectionMemory(house.database, WordEmbedder(), wrong_cost=cost)


def test_it_is_asked_of_memory_and_kept(house: House, curves: Curves) -> None:
    live = house.corrections.submit(EVE, question=QUESTION, answer=AFTER).id
    house.corrections.submit(EVE, question="How do I reset it?", answer="Press both.")
    house.corrections.submit(EVE, question="Is the shop open?", answer="Sure!", kind="style")
    house.corrections.submit(MEL, question="Is it free?", answer="Yes.")  # waits: it answers Mel alone
    house.examples.add(EVE, live, "May one come on Mondays?", "will")
    house.examples.add(EVE, live, "Is the museum open on Tuesdays?", "will_not")
    house.examples.add(MEL, live, HEADS, "will")
    assert curves.last(EVE) is None
    curves.start(EVE)
    assert curves.work(EVE) == Work(None, False)
    found = curves.last(ADA)
    assert found is not None
    assert (found.corrections, found.live, found.by, found.setting) == (2, 2, "Eve", 9)
    # Both questions, what was taught for everyone, and as near misses of the other one both questions and the alias.
    assert found.same_words == 7
    assert found.said == 1  # what Mel said waits, so memory does not know it yet
    assert all(point.answered + point.offered + point.missed == found.right for point in found.points)
    assert found.now.cost == 9
    assert house.acts()[-1] == "curve_computed"


def test_a_wording_that_is_only_politer_is_no_evidence(house: House, curves: Curves) -> None:
    live = house.corrections.submit(EVE, question="What is the return period?", answer="30 days.").id
    house.examples.add(EVE, live, "Hello, until when may one return it?", "will")
    curves.start(EVE)
    found = [one.text for one in _known(house) if one.side is Side.WILL]
    assert found == [
        "Hello, until when may one return it?",
        "How long is the return period?",
        "return period",
        "What is the return period?",
    ]


def test_it_tells_what_memory_does_at_every_setting(house: House, curves: Curves) -> None:
    texts = (NEAR, "Is the museum open on Sundays?", "Is the museum shop open on Mondays?", "On Mondays, museum open?")
    ids = [house.corrections.submit(EVE, question=text, answer=f"{n}.").id for n, text in enumerate((QUESTION, HEADS))]
    house.examples.add(EVE, ids[0], "The museum on Mondays: is it open?", "will")
    for side, text in zip(("will", "will_not", "will_not", "will"), texts, strict=True):
        house.examples.add(MEL, ids[0], text, side)
    curves.start(EVE)
    found = curves.last(EVE)
    assert found is not None
    for cost in (*COSTS, CAREFUL):
        memory, effects = at(house, cost), {}
        for one in _known(house):
            recall = memory.recall(one.text, ("everyone",), START)
            offered = {one.correction_id for one in recall.considered if one.decision is Decision.SUGGEST}
            told = "offered" if one.correction_id in offered else "missed"
            if recall.decision is Decision.APPLY:
                told = "answered" if recall.correction_id == one.correction_id else "missed"
            effects[one.text] = (told, one.effect(cost))
        assert len(effects) > 10
        assert [(cost, text, *both) for text, both in effects.items() if both[0] != both[1]] == []


def _known(house: House) -> list[KnownQuestion]:
    with house.database.read() as session:
        row = curve_rows.stored(session)
        assert row is not None
        return curve_rows.known_questions(row)


def test_the_cases_behind_it_are_named(house: House) -> None:
    strict = Curves(house.database, lambda cost: at(house, cost), house.clock, 999, lambda job: job())
    live = house.corrections.submit(EVE, question=QUESTION, answer=AFTER).id
    house.examples.add(MEL, live, NEAR, "will_not")
    strict.start(EVE)
    found = strict.last(EVE)
    assert found is not None
    assert [point.cost for point in found.points][-1] == 999
    assert [(one.text, one.correction_id, one.question) for one in found.wrong_first][:1] == [(NEAR, live, QUESTION)]
    assert found.right_next
    assert all(one.highest < 999 for one in found.right_next)


def test_what_fails_is_told_and_what_was_there_stays(house: House) -> None:
    def refused(cost: float) -> CorrectionMemory:
        raise OSError("no space")

    house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    Curves(house.database, lambda cost: at(house, cost), house.clock, 9, lambda job: job()).start(EVE)
    curves = Curves(house.database, refused, house.clock, 9, lambda job: job())
    with pytest.raises(OSError, match="no space"):
        curves.start(EVE)
    assert curves.work(EVE) == Work(None, True)
    assert curves.last(EVE) is not None


def test_it_is_computed_once_at_a_time_and_ends_with_the_application(house: House) -> None:
    jobs = []
    curves = Curves(house.database, lambda cost: at(house, cost), house.clock, 9, jobs.append)
    house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    curves.start(EVE)
    curves.start(ADA)
    assert len(jobs) == 1
    assert curves.work(EVE) == Work(0.0, False)
    curves.stop()
    jobs[0]()
    assert curves.last(EVE) is None


def test_members_have_no_say_in_it(curves: Curves) -> None:
    for call in (curves.start, curves.work, curves.last):
        with pytest.raises(NotAllowedError):
            call(MEL)
