"""Upload, ask, correct, review: the same walk as on the screen, over REST."""

import pytest

from tests.collab.api.conftest import Site

QUESTION = "Is the museum open on Mondays?"
AFTER = "From June the museum is also open on Mondays, from 12:00 to 17:00."


def _correct(site: Site, name: str, **body: object) -> dict:  # type: ignore[type-arg]
    reply = site.client.post("/v1/corrections", json=body, headers=site.as_(name))
    assert reply.status_code == 201, reply.text
    return reply.json()  # type: ignore[no-any-return]


def test_a_correction_answers_its_author_then_everyone(site: Site) -> None:
    asked = site.ask("mel", QUESTION)
    assert asked["collab"]["decision"] == "grounded"
    assert asked["collab"]["sources"][0]["document"] == "guide.md"
    assert "closed" in asked["collab"]["sources"][0]["quote"]

    made = _correct(site, "mel", turn_id=asked["collab"]["turn_id"], answer=AFTER)
    assert (made["state"], made["live_for"]) == ("pending", "author")
    mine = site.ask("mel", QUESTION)
    assert mine["choices"][0]["message"] == {"role": "assistant", "content": AFTER}
    assert mine["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    told = mine["collab"]
    assert (told["decision"], told["corrected_by"], told["correction_id"]) == ("corrected", "mel", made["id"])
    assert site.ask("oli", QUESTION)["collab"]["decision"] == "grounded"

    path = f"/v1/corrections/{made['id']}"
    assert site.client.post(f"{path}/approve", json={}, headers=site.as_("oli")).status_code == 403
    done = site.client.post(f"{path}/approve", headers=site.as_("ada"))
    assert (done.status_code, done.json()["state"], done.json()["live_for"]) == (200, "live", "everyone")
    assert site.ask("oli", QUESTION)["choices"][0]["message"]["content"] == AFTER
    assert site.client.post(f"{path}/approve", headers=site.as_("ada")).status_code == 409


def test_a_rejected_correction_tells_its_author_why(site: Site) -> None:
    made = _correct(site, "mel", question=QUESTION, answer=AFTER)
    path = f"/v1/corrections/{made['id']}/reject"
    assert site.client.post(path, json={}, headers=site.as_("eve")).status_code == 422
    assert site.client.post(path, json={"reason": "Not before July."}, headers=site.as_("eve")).status_code == 200
    listed = site.client.get("/v1/corrections", headers=site.as_("mel")).json()["data"]
    seen = [(one["state"], one["review_reason"], one["reviewer"]) for one in listed]
    assert seen == [("rejected", "Not before July.", "eve")]
    assert site.client.get("/v1/corrections", headers=site.as_("oli")).json() == {"data": []}
    assert len(site.client.get("/v1/corrections?state=rejected", headers=site.as_("ada")).json()["data"]) == 1


def test_a_similar_question_is_offered_the_correction(site: Site) -> None:
    made = _correct(site, "eve", question=QUESTION, answer=AFTER)
    told = site.ask("mel", "Is the museum open on Mondays in winter?")["collab"]
    assert (told["decision"], told["correction_id"], told["corrected_by"]) == ("suggested", made["id"], None)
    assert "closed" in told["sources"][0]["quote"]
    offered = {"correction_id": made["id"], "author": "eve", "answer": AFTER, "is_pending": False}
    assert {name: told["suggestion"][name] for name in offered} == offered
    assert site.ask("mel", "What do adults pay?")["collab"]["suggestion"] is None


def test_an_experts_style_is_live_and_can_be_withdrawn(site: Site) -> None:
    made = _correct(site, "eve", question=QUESTION, answer="Sure!", kind="style")
    assert (made["state"], made["kind"]) == ("live", "style")
    gone = site.client.post(f"/v1/corrections/{made['id']}/withdraw", headers=site.as_("eve"))
    assert (gone.status_code, gone.json()["state"], gone.json()["live_for"]) == (200, "withdrawn", None)


def test_a_thumb_is_kept(site: Site) -> None:
    turn = site.ask("mel", QUESTION)["collab"]["turn_id"]
    body = {"turn_id": turn, "rating": "down", "reason": "outdated"}
    reply = site.client.post("/v1/feedback", json=body, headers=site.as_("mel"))
    assert (reply.status_code, reply.json()) == (201, {**body, "comment": None, "passage_id": None})
    assert site.client.post("/v1/feedback", json=body, headers=site.as_("oli")).status_code == 404
    assert site.client.post("/v1/feedback", json={**body, "rating": "meh"}, headers=site.as_("mel")).status_code == 422


def test_a_thumb_names_the_passage_that_it_is_about(site: Site) -> None:
    told = site.ask("mel", QUESTION)["collab"]
    body = {"turn_id": told["turn_id"], "rating": "down", "reason": "outdated"}
    for passage, status in ((told["sources"][0]["passage_id"], 201), (10**6, 404), (10**30, 422), (0, 422)):
        reply = site.client.post("/v1/feedback", json={**body, "passage_id": passage}, headers=site.as_("mel"))
        assert reply.status_code == status, reply.text
        if status == 201:
            assert reply.json()["passage_id"] == passage


def test_who_decides_second_over_rest_is_told(site: Site) -> None:
    read = _correct(site, "mel", question=QUESTION, answer=AFTER)
    path, ada, eve = f"/v1/corrections/{read['id']}", site.as_("ada"), site.as_("eve")
    done = site.client.post(f"{path}/approve", json={"answer": "By appointment.", "revision": 1}, headers=ada)
    assert (read["revision"], done.json()["revision"]) == (1, 2)
    for act, words in (("approve", {}), ("reject", {"reason": "No."})):
        reply = site.client.post(f"{path}/{act}", json={**words, "revision": 1}, headers=eve)
        assert (reply.status_code, reply.json()["error"]["code"]) == (409, "correction_changed")
    assert site.ask("oli", QUESTION)["choices"][0]["message"]["content"] == "By appointment."


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"turn_id": "nope", "answer": "x"}, 404),
        ({"turn_id": "\x00", "answer": "x"}, 404),
        ({"question": QUESTION, "answer": ""}, 422),
        ({"question": " ", "answer": "x"}, 422),
        ({"question": "q", "answer": "x" * 30_000}, 422),
        ({"question": "q" * 8_001, "answer": "x"}, 422),
        ({"answer": "x"}, 422),
        ({"question": "q", "turn_id": "t", "answer": "x"}, 422),
        ({"question": "q", "answer": "x", "kind": "joke"}, 422),
        ({"question": "q"}, 422),
        ([], 422),
    ],
)
def test_bad_corrections_are_refused_in_one_shape(site: Site, body: object, status: int) -> None:
    reply = site.client.post("/v1/corrections", json=body, headers=site.as_("mel"))
    assert reply.status_code == status
    assert set(reply.json()["error"]) == {"code", "message"}
    assert site.client.get("/v1/corrections", headers=site.as_("ada")).json() == {"data": []}


def test_an_unknown_correction_is_not_found(site: Site) -> None:
    for act, body in (("approve", {}), ("reject", {"reason": "No."}), ("withdraw", {})):
        assert site.client.post(f"/v1/corrections/nope/{act}", json=body, headers=site.as_("ada")).status_code == 404
