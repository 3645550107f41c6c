"""The room of review on real services: what is listed and open for an expert, and what an author sees of it."""

import re
import threading

from collab.dialogue.conversations import NewTurn
from collab.dialogue.records import Decision
from collab.feedback.cases import MOST, PAGE
from collab.feedback.queue import Order
from collab.people.access import Actor
from collab.ui import frame, review_tab
from collab.ui.acts.frame import Go
from collab.ui.acts.review import (
    Approve,
    Assign,
    Case,
    Compute,
    Reject,
    View,
)
from collab.ui.navigation import sidebar, waiting
from collab.ui.screen import Screen
from tests.collab.ui.cases import rate, submit
from tests.waiting import until


def test_a_case_waits_for_the_expert_and_not_for_the_member(screen: Screen, member: Actor, expert: Actor) -> None:
    submit(screen, member)
    assert (waiting(screen, expert), waiting(screen, member)) == (1, 0)
    assert 'data-testid="waiting">1<' in sidebar(screen, expert, "review")["side"]
    assert 'data-testid="case"' in review_tab.shown(screen, expert)["review"]
    assert 'data-testid="case"' not in review_tab.shown(screen, member)["review"]


def test_the_entry_of_the_open_case_is_the_current_one(screen: Screen, member: Actor, expert: Actor) -> None:
    first, second = submit(screen, member), submit(screen, member, question="Who shuts it?")
    room = review_tab.shown(screen, expert, f"correction:{second}")["review"]
    lines = dict(re.findall(r'<button type="button" class="line"(.*?) data-do="open-case" data-ref="([^"]+)"', room))
    assert lines == {' aria-current="true"': f"correction:{second}", "": f"correction:{first}"}
    assert room.count("aria-current") == 1


def test_the_author_sees_the_reason(screen: Screen, member: Actor, expert: Actor) -> None:
    case = submit(screen, member)
    list(review_tab.handle(screen, expert, Reject(act="reject", correction=case, reason="The <guard> does.")))
    mine = review_tab.shown(screen, member)["review"]
    assert "Eve: The &lt;guard&gt; does." in mine
    assert 'class="pill rejected"' in mine
    assert ">My corrections</h1>" in mine
    assert 'class="quiet">fact · ' in mine


def test_the_author_sees_which_words_a_reviewer_changed(screen: Screen, member: Actor, expert: Actor) -> None:
    case = submit(screen, member)
    act = Approve(act="approve", correction=case, question="Who opens the gate?", answer="The porter, at 8.")
    list(review_tab.handle(screen, expert, act))
    mine = review_tab.shown(screen, member)["review"]
    assert 'data-testid="reworded">Eve changed your words:<' in mine
    assert 'data-old="The porter." dir="auto" data-new="The porter, at 8."' in mine
    assert "Eve changed the question" not in mine


def test_style_that_was_accepted_is_not_said_to_be_live(screen: Screen, member: Actor, expert: Actor) -> None:
    made = screen.services.corrections.submit(member, question="Who?", answer="The porter, dear guest.", kind="style")
    screen.services.corrections.approve(expert, made.id)
    assert (
        'class="pill taught" data-testid="state">Accepted for training<' in review_tab.shown(screen, member)["review"]
    )


def test_more_goes_on_behind_the_longest_page(screen: Screen, member: Actor, expert: Actor) -> None:
    for n in range(MOST + PAGE + 1):
        submit(screen, member, question=f"Who opens gate {n}?")
    views = {pages: review_tab.shown(screen, expert, view=View(pages=pages))["review"] for pages in (1, 10, 11, 12)}
    assert {pages: room.count('data-testid="case-entry"') for pages, room in views.items()} == {
        1: 50, 10: 500, 11: 550, 12: 551,
    }  # fmt: skip
    assert [pages for pages, room in views.items() if 'data-testid="more"' not in room] == [12]


def test_what_is_filtered_is_cleared_beside_the_filters_and_days_are_counted_as_one_says(
    screen: Screen, member: Actor, expert: Actor
) -> None:
    submit(screen, member)
    room = review_tab.shown(screen, expert, view=View(days=7))["review"]
    assert ">over a day</option>" in room
    assert ">over 7 days</option>" in room
    assert '</details><button type="button" class="link" data-do="clear-filters"' in room
    assert "clear-filters" not in review_tab.shown(screen, expert)["review"]


def test_the_bar_of_a_case_is_measured_by_the_greatest_of_the_list(
    screen: Screen, member: Actor, expert: Actor
) -> None:
    submit(screen, member)
    rate(screen, member, "unsafe")
    oldest = review_tab.shown(screen, expert, view=View(order=Order.OLDEST))["review"]
    shares = [int(share) for share in re.findall(r'style="inline-size:(\d+)%"', oldest)]
    assert shares[-1] == 100
    assert shares[0] < 100


def test_a_filter_that_fits_nothing_any_more_is_still_seen(screen: Screen, member: Actor, expert: Actor) -> None:
    room = review_tab.shown(screen, expert, view=View(author=member.id, document="gone"))["review"]
    assert "Filters: 2 in use" in room
    assert f'<option value="{member.id}" selected>without a case now</option>' in room
    assert '<option value="gone" selected>without a case now</option>' in room
    assert "without a case now" not in review_tab.shown(screen, expert)["review"]


def test_an_address_says_what_is_listed(screen: Screen, member: Actor, expert: Actor) -> None:
    submit(screen, member)
    for cases, shown in (('{"text": "gate"}', 1), ('{"text": "window"}', 0), ('{"text": 3}', 1), ("{", 1), ("", 1)):
        (update,) = frame.handle(screen, expert, Go(act="go", room="review", cases=cases))
        assert update["review"].count('data-testid="case-entry"') == shown
    (update,) = frame.handle(screen, expert, Go(act="go", room="review", cases='{"text": "window"}'))
    assert 'data-view="{&quot;text&quot;:&quot;window&quot;}"' in update["review"]


def test_an_address_says_which_case_is_open(screen: Screen, member: Actor, expert: Actor) -> None:
    first, second = submit(screen, member), submit(screen, member, question="Who shuts it?")
    for case, opened in (
        (f"correction:{second}", second),
        ("", first),
        ("correction:gone", first),
        ("nonsense", first),
    ):
        (update,) = frame.handle(screen, expert, Go(act="go", room="review", case=case))
        assert f'data-case="{opened}"' in update["review"]


def test_filters_stay_after_an_act_and_an_empty_list_says_so(screen: Screen, member: Actor, expert: Actor) -> None:
    case = f"correction:{submit(screen, member)}"
    view = View(text="gate")
    (update,) = review_tab.handle(screen, expert, Assign(act="assign", case=case, person=expert.id, view=view))
    assert 'value="gate"' in update["review"]
    assert "with Eve" in update["review"]
    (update,) = review_tab.handle(screen, expert, Case(act="case", view=View(text="window")))
    assert "No case like this" in update["review"]
    assert 'data-testid="case"' not in update["review"]


def test_a_private_turn_of_the_thread_is_not_shown(screen: Screen, member: Actor, expert: Actor) -> None:
    new = NewTurn(
        "My locker?", "My locker?", False, "en", "It is 12.", Decision.MODEL, 0.5, reach=f"person:{member.id}"
    )
    before = screen.services.conversations.record(member, None, new)
    after = NewTurn("Who opens it?", "Who opens it?", False, "en", "No.", Decision.MODEL, 0.5, previous_id=before.id)
    turn = screen.services.conversations.record(member, before.conversation_id, after).id
    screen.services.ratings.rate(member, turn, "down")
    room = review_tab.shown(screen, expert)["review"]
    assert 'data-testid="private-turn"' in room
    assert "It is 12." not in room
    assert "My locker?" not in room


def test_a_reviewer_reads_what_an_approval_replaces(screen: Screen, member: Actor, other: Actor, expert: Actor) -> None:
    first, second = submit(screen, member), submit(screen, other, answer="The guard.")
    assert 'data-testid="replaces"' not in review_tab.shown(screen, expert)["review"]
    services = screen.services
    for words, writer in (("The porter.", member), ("The night porter.", expert)):  # hers, once she has changed them
        services.corrections.approve(expert, first, answer=words)
        shown = review_tab.shown(screen, expert, f"correction:{second}")["review"]
        replaced = shown.partition('data-testid="replaces"')[2].partition("</section>")[0]
        assert f"it takes the place of what {writer.name} wrote on" in replaced
        assert words in replaced
        services.corrections.undo(expert, first)


def test_a_reviewer_reads_to_which_question_the_replaced_answer_was_given(
    screen: Screen, member: Actor, expert: Actor
) -> None:
    services = screen.services
    services.examples.add(expert, submit(screen, expert), "Gate opener?", "will")
    *_, done = services.assistant.reply(member, None, "Gate opener?", cancel=threading.Event())
    services.corrections.submit(member, turn_id=done.turn.id, answer="The guard.")
    shown = review_tab.shown(screen, expert)["review"]
    replaced = shown.partition('data-testid="replaces"')[2].partition("</section>")[0]
    assert 'class="asked" dir="auto">Who opens the gate?</p>' in replaced
    assert "The porter." in replaced


def test_how_careful_the_memory_is(screen: Screen, member: Actor, expert: Actor) -> None:
    submit(screen, expert)
    careful = View(careful=True, text="gate")
    first = review_tab.shown(screen, expert, view=careful)["review"]
    assert "Nothing was computed yet" in first
    assert View.of_address(re.findall(r'data-view="([^"]+)"', first)[0].replace("&quot;", '"')) == careful
    list(review_tab.handle(screen, expert, Compute(act="compute", view=careful)))
    until(lambda: screen.services.curves.work(expert).share is None)
    assert 'data-testid="chart-right"' in review_tab.shown(screen, expert, view=careful)["review"]
    assert 'data-testid="case-entry"' not in review_tab.shown(screen, member, view=careful)["review"]
    assert 'data-testid="curve"' not in review_tab.shown(screen, member, view=careful)["review"]
