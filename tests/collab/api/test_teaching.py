"""Yes, no and not what I asked over REST, and what somebody says against an answer."""

import pytest

from tests.collab.api.conftest import Site

QUESTION = "Is the museum open on Mondays?"
ALIKE = "Is the museum open on Mondays in winter?"
AFTER = "From June the museum is also open on Mondays."


@pytest.fixture
def correction(site: Site) -> str:
    """Eve's answer for everyone."""
    made = site.client.post("/v1/corrections", json={"question": QUESTION, "answer": AFTER}, headers=site.as_("eve"))
    return str(made.json()["id"])


def say(  # type: ignore[type-arg]
    site: Site, name: str, turn: str, what: str, status: int = 200, body: dict[str, str] | None = None
) -> dict:
    reply = site.client.post(f"/v1/turns/{turn}/{what}", json=body, headers=site.as_(name))
    assert reply.status_code == status, reply.text
    return reply.json()  # type: ignore[no-any-return]


def test_yes_answers_in_the_same_words_from_then_on(site: Site, correction: str) -> None:
    turn = site.ask("mel", ALIKE)["collab"]["turn_id"]
    version = say(site, "mel", turn, "same")
    assert (version["answer"], version["collab"]["decision"]) == (AFTER, "corrected")
    taught = version["taught"]
    assert (taught["correction_id"], taught["text"], taught["side"], taught["state"]) == (
        correction,
        ALIKE,
        "will",
        "pending",
    )
    assert site.ask("mel", ALIKE)["collab"]["decision"] == "corrected"
    undone = site.client.delete(f"/v1/corrections/{correction}/examples/{taught['id']}", headers=site.as_("mel"))
    assert undone.status_code in (200, 204)
    assert site.ask("mel", ALIKE)["collab"]["decision"] == "suggested"


def test_no_is_not_suggested_again(site: Site, correction: str) -> None:
    turn = site.ask("mel", ALIKE)["collab"]["turn_id"]
    taught = say(site, "mel", turn, "different")
    assert (taught["side"], taught["state"]) == ("will_not", "pending")
    assert site.ask("mel", ALIKE)["collab"]["decision"] == "grounded"
    assert say(site, "oli", turn, "different", 404)["error"]["code"] == "not_found"


def test_of_several_another_one_is_taken_or_all_are_refused(site: Site) -> None:
    """The likest first: two of three words in common, one of one, one of two."""
    questions = ("Is my card still mine?", "Where is my card?", "How do I freeze my card?")
    made = [
        site.client.post("/v1/corrections", json={"question": text, "answer": f"On {text}"}, headers=site.as_("eve"))
        for text in questions
    ]
    ids = [str(one.json()["id"]) for one in made]
    asked = site.ask("mel", "My card is still not here")["collab"]
    assert (asked["suggestion"]["question"], asked["suggestion"]["correction_id"]) == (questions[0], ids[0])
    assert [(one["question"], one["answer"], one["author"]) for one in asked["alternatives"]] == [
        (text, f"On {text}", "eve") for text in questions[1:]
    ]

    refused = say(site, "mel", asked["turn_id"], "different")
    assert [refused["correction_id"], *(one["correction_id"] for one in refused["others"])] == ids
    version = say(site, "mel", asked["turn_id"], "same", body={"correction_id": ids[2]})
    assert (version["answer"], version["collab"]["correction_id"]) == (f"On {questions[2]}", ids[2])
    assert version["collab"]["alternatives"] == []
    wrong = say(site, "mel", asked["turn_id"], "same", 409, {"correction_id": "nobody's"})
    assert wrong["error"]["code"] == "nothing_to_teach"
    assert "error" in say(site, "mel", asked["turn_id"], "same", 422, {"correction": ids[1]})


def test_not_what_i_asked_answers_without_the_correction(site: Site, correction: str) -> None:
    site.client.post(
        f"/v1/corrections/{correction}/examples", json={"text": ALIKE, "side": "will"}, headers=site.as_("eve")
    )
    wrong = site.ask("mel", ALIKE)["collab"]
    assert wrong["decision"] == "corrected"
    version = say(site, "mel", wrong["turn_id"], "not_asked")
    assert (version["collab"]["decision"], version["collab"]["correction_id"]) == ("grounded", None)
    assert version["taught"]["side"] == "will_not"
    assert "closed" in version["answer"]
    assert say(site, "mel", version["collab"]["turn_id"], "not_asked", 409)["error"]["code"] == "nothing_to_teach"


def test_what_is_said_against_an_answer_is_offered(site: Site) -> None:
    first = site.ask("mel", "How much do students pay?")["collab"]
    assert first["offer"] is None
    told = site.ask("mel", "No, it's 8 euros", conversation_id=first["conversation_id"])["collab"]
    assert told["decision"] == "clarify"
    assert told["offer"]["turn_id"] == first["turn_id"]
    assert "8 euros" in told["offer"]["answer"]
