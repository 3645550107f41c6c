"""The card over REST: read, teach, review, test, settle, give an end."""

from typing import Any

import pytest

from tests.collab.api.conftest import Site

QUESTION = "Is the museum open on Mondays?"
AFTER = "On Mondays it is open from 12:00 to 17:00."
OTHER = "When may one come in at the start of the week?"


def call(site: Site, name: str, method: str, path: str, body: object = None) -> tuple[int, Any]:
    reply = site.client.request(method, f"/v1{path}", json=body, headers=site.as_(name))
    return reply.status_code, reply.json() if reply.content else None


@pytest.fixture
def live(site: Site) -> str:
    status, made = call(site, "eve", "POST", "/corrections", {"question": QUESTION, "answer": AFTER})
    assert (status, made["state"], made["aliases"], made["valid_until"], made["held"]) == (201, "live", [], None, None)
    return f"/corrections/{made['id']}"


def test_the_whole_card(site: Site, live: str) -> None:
    assert site.ask("mel", QUESTION)["collab"]["decision"] == "corrected"
    status, card = call(site, "mel", "GET", live)
    assert (status, card["answer"], card["is_verified"], card["is_expired"]) == (200, AFTER, False, False)
    assert card["uses"] == {"questions": 1, "people": 1}
    assert [(one["answer"], one["is_this"]) for one in card["versions"]] == [(AFTER, True)]
    assert all(line["example"] is None for line in card["will"] + card["will_not"])
    (conflict,) = card["conflicts"]
    assert (conflict["about"], conflict["title"]) == (
        "passage",
        "guide.md › Harbour Museum visitor guide › Opening hours",
    )
    assert {"what": "opposite", "said": "open", "other": "closed"} in conflict["differs"]


def test_what_a_member_teaches_is_reviewed(site: Site, live: str) -> None:
    status, made = call(site, "mel", "POST", f"{live}/examples", {"text": OTHER, "side": "will"})
    assert (status, made["state"], made["author"], made["may_remove"]) == (201, "pending", "mel", True)
    assert site.ask("mel", OTHER)["choices"][0]["message"]["content"] == AFTER
    assert site.ask("oli", OTHER)["collab"]["correction_id"] is None

    approve = f"/examples/{made['id']}/approve"
    assert call(site, "oli", "POST", approve)[0] == 403
    assert call(site, "mel", "POST", f"{live}/withdraw")[0] == 403
    status, done = call(site, "eve", "POST", approve, {})
    assert (status, done["state"], done["reviewer"]) == (200, "live", "eve")
    assert site.ask("oli", OTHER)["choices"][0]["message"]["content"] == AFTER
    assert call(site, "eve", "POST", approve)[0] == 409
    assert call(site, "eve", "GET", "/corrections")[1]["data"][0]["aliases"] == [OTHER]

    assert call(site, "eve", "DELETE", f"/corrections/nope/examples/{made['id']}")[0] == 404
    assert call(site, "eve", "DELETE", f"{live}/examples/{made['id']}") == (204, None)
    assert site.ask("oli", OTHER)["collab"]["correction_id"] is None


def test_an_edit_of_its_answer_takes_its_place(site: Site, live: str) -> None:
    call(site, "eve", "POST", f"{live}/examples", {"text": OTHER, "side": "will"})
    turn = site.ask("mel", OTHER)["collab"]["turn_id"]
    status, made = call(site, "mel", "POST", "/corrections", {"turn_id": turn, "answer": "From noon."})
    id = live.rpartition("/")[2]
    assert (status, made["state"], made["aliases"]) == (201, "pending", [QUESTION])
    assert made["replaces"] == [{"id": id, "author": "eve", "question": QUESTION}]
    contents = [site.ask(name, QUESTION)["choices"][0]["message"]["content"] for name in ("mel", "oli")]
    assert contents == ["From noon.", AFTER]
    assert call(site, "eve", "POST", f"/corrections/{made['id']}/approve")[1]["replaces"] == made["replaces"]
    assert site.ask("oli", QUESTION)["choices"][0]["message"]["content"] == "From noon."
    assert call(site, "eve", "GET", live)[1]["state"] == "superseded"


def test_a_refusal_says_why(site: Site, live: str) -> None:
    _, made = call(site, "mel", "POST", f"{live}/examples", {"text": OTHER, "side": "will_not"})
    reject = f"/examples/{made['id']}/reject"
    assert call(site, "eve", "POST", reject, {})[0] == 422
    status, done = call(site, "eve", "POST", reject, {"reason": "It is the same."})
    assert (status, done["state"], done["review_reason"]) == (200, "rejected", "It is the same.")


def test_it_is_tested(site: Site, live: str) -> None:
    status, proof = call(site, "eve", "POST", f"{live}/test")
    assert (status, proof["is_current"], proof["by"]) == (200, True, "eve")
    first = proof["cases"][0]
    assert (first["text"], first["basis"], first["is_right"]) == (QUESTION, "question", True)
    assert (first["before"]["decision"], first["after"]["decision"], first["after"]["answer"]) == (
        "ignore",
        "apply",
        AFTER,
    )
    assert call(site, "oli", "GET", live)[1]["proof"] == proof


def test_a_passage_is_retired_and_comes_back(site: Site, live: str) -> None:
    (conflict,) = call(site, "eve", "GET", live)[1]["conflicts"]
    body = {"about": "passage", "other_id": conflict["other_id"], "choice": "retire"}
    assert call(site, "mel", "POST", f"{live}/conflicts", body)[0] == 409
    status, done = call(site, "eve", "POST", f"{live}/conflicts", body)
    assert (status, done["choice"]) == (200, "retire")
    assert [one["choice"] for one in call(site, "eve", "GET", live)[1]["conflicts"]] == ["retire"]
    path = f"{live}/conflicts/passage/{conflict['other_id']}"
    assert call(site, "eve", "DELETE", path) == (204, None)
    assert call(site, "eve", "DELETE", path)[0] == 404


def test_its_end(site: Site, live: str) -> None:
    status, dated = call(site, "eve", "PATCH", live, {"valid_until": "2100-01-01T00:00:00Z"})
    assert (status, dated["valid_until"]) == (200, "2100-01-01T00:00:00Z")
    assert call(site, "mel", "PATCH", live, {"valid_until": None})[0] == 403
    assert call(site, "eve", "PATCH", live, {"valid_until": "2001-01-01T00:00:00Z"})[0] == 422
    for written, until in (
        ("2100-01-01", "2100-01-02T00:00:00Z"),  # to its end
        ("2100-01-01T18:00", "2100-01-01T18:00:00Z"),
        ("2100-01-01T18:00+02:00", "2100-01-01T16:00:00Z"),
    ):
        assert call(site, "eve", "PATCH", live, {"valid_until": written})[1]["valid_until"] == until
    for wrong in ("next week", "", 4102444800):
        status, told = call(site, "eve", "PATCH", live, {"valid_until": wrong})
        assert (status, "2027-03-31" in told["error"]["message"]) == (422, True)
    assert call(site, "eve", "PATCH", live, {})[0] == 422
    assert call(site, "eve", "PATCH", live, {"valid_until": None})[1]["valid_until"] is None
    body = {"question": "Is it free?", "answer": "No.", "valid_until": "2100-01-01T00:00:00+01:00"}
    assert call(site, "eve", "POST", "/corrections", body)[1]["valid_until"] == "2099-12-31T23:00:00Z"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": "", "side": "will"}, 422),
        ({"text": OTHER, "side": "maybe"}, 422),
        ({"text": QUESTION, "side": "will_not"}, 409),
        ({"text": "x" * 16_001, "side": "will"}, 422),
        ({"text": OTHER}, 422),
    ],
)
def test_bad_examples_are_refused(site: Site, live: str, body: object, status: int) -> None:
    got, reply = call(site, "eve", "POST", f"{live}/examples", body)
    assert (got, set(reply["error"])) == (status, {"code", "message"})


def test_what_is_not_there_is_not_found(site: Site) -> None:
    waiting = call(site, "mel", "POST", "/corrections", {"question": QUESTION, "answer": AFTER})[1]["id"]
    for id in ("nope", waiting):
        path = f"/corrections/{id}"
        for method, sub, body in (
            ("GET", "", None),
            ("PATCH", "", {"valid_until": None}),
            ("POST", "/test", None),
            ("POST", "/examples", {"text": OTHER, "side": "will"}),
            ("POST", "/conflicts", {"about": "passage", "other_id": "1", "choice": "keep"}),
        ):
            assert call(site, "oli", method, path + sub, body)[0] == 404
    assert call(site, "ada", "POST", "/examples/nope/approve")[0] == 404
