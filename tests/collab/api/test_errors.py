"""Every error in one shape, whoever finds it."""

import re

import pytest
from starlette.testclient import TestClient

from collab.api.errors import as_json, stored_problem
from collab.errors import (
    AnswersUnderWayError,
    DailyTokensError,
    ModelsLoadingError,
    OwnAnswersError,
    QueueFullError,
    TooManyTriesError,
)
from collab.web.sizes import Sizes
from tests.collab.api.conftest import Site


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "path_unknown"),
        ("POST", "/v1/corrections/x/bless", 404, "path_unknown"),
        ("GET", "/v1/feedback", 405, "method_not_allowed"),
        ("PATCH", "/v1/documents", 405, "method_not_allowed"),
        ("GET", "/v1/documents", 401, "key_refused"),
        ("POST", "/v1/feedback", 401, "key_refused"),
    ],
)
def test_without_a_key(site: Site, method: str, path: str, status: int, code: str) -> None:
    reply = site.client.request(method, path)
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert reply.json()["error"]["message"]
    assert reply.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)


def test_what_an_address_takes_instead(site: Site) -> None:
    assert site.client.patch("/v1/documents").headers["allow"] == "GET, POST"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "Basic YTpi", "Bearer collab_wrong", "Bearer \xe9"])
def test_a_key_that_is_none(site: Site, header: str) -> None:
    reply = site.client.get("/v1/models", headers={"Authorization": header.encode("latin-1")})
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "key_refused")


@pytest.mark.parametrize(
    "body", ["{", "[1", "\xff", "null", '{"turn_id": "\\ud800", "rating": "up"}', '{"\\ud800": 1}', "[" * 100_000]
)
def test_a_body_that_cannot_be_read(site: Site, body: str) -> None:
    headers = {**site.as_("mel"), "Content-Type": "application/json"}
    reply = site.client.post("/v1/feedback", content=body.encode("latin-1"), headers=headers)
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "request_invalid")


def test_a_form_that_cannot_be_read(site: Site) -> None:
    headers = {**site.as_("mel"), "Content-Type": "multipart/form-data; boundary=x"}
    told = site.client.post("/v1/documents", content=b"no form", headers=headers).json()["error"]
    assert (told["code"], ".." in told["message"]) == ("request_invalid", False)


BODIES = {
    "examples": {"text": "When does it open?", "side": "will"},
    "conflicts": {"about": "passage", "other_id": "1", "choice": "retire"},
    "reject": {"reason": "No."},
    "{correction_id}": {"valid_until": None},
}


@pytest.mark.parametrize("id", ["nope", "%00", "%ED%A0%80", "%F0%9F%98%80", "-1", "a" * 3000])
def test_whatever_is_unknown_is_not_found(site: Site, id: str) -> None:
    tried = 0
    for path, methods in site.app.openapi()["paths"].items():
        for method in methods if "{" in path else ():
            told = {"files": {"file": ("a.md", b"text")}} if method == "put" else {}
            told |= {"json": BODIES.get(path.rsplit("/", 1)[-1])} if method in ("post", "patch") else {}
            reply = site.client.request(method, re.sub(r"{\w+}", id, path), headers=site.as_("ada"), **told)
            is_kind = "about" in path  # one of few words, where an id is expected elsewhere
            assert (reply.status_code, path) == (422 if is_kind else 404, path)
            assert set(reply.json()["error"]) == {"code", "message"}
            tried += 1
    assert tried >= 18


def test_what_is_somebody_elses_is_not_found(site: Site) -> None:
    turn = site.ask("mel", "Is it open on Mondays?")["collab"]
    for stranger in ("oli", "ada"):
        for path, body in (
            ("feedback", {"turn_id": turn["turn_id"], "rating": "up"}),
            ("corrections", {"turn_id": turn["turn_id"], "answer": "No."}),
            (f"turns/{turn['turn_id']}/same", None),
            (f"turns/{turn['turn_id']}/different", None),
            (f"turns/{turn['turn_id']}/not_asked", None),
        ):
            reply = site.client.post(f"/v1/{path}", json=body, headers=site.as_(stranger))
            assert (reply.status_code, reply.json()["error"]["code"], path) == (404, "not_found", path)


def test_a_body_that_grows_too_large_is_told_as_that(site: Site) -> None:
    sent = iter([b'{"turn_id": "'] + [b"x" * 100_000] * 11)  # in pieces, without saying how many
    with TestClient(Sizes(site.app, upload_mb=1, folder=site.services.settings.data)) as client:
        headers = {**site.as_("mel"), "Content-Type": "application/json"}
        reply = client.post("/v1/feedback", content=sent, headers=headers)
    assert (reply.status_code, reply.json()["error"]["code"]) == (413, "request_too_large")


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("feedback", {"turn_id": "x", "rating": "meh"}, "the field `rating` should be 'up' or 'down'"),
        ("feedback", {"turn_id": "x"}, "the field `rating` is missing"),
        ("feedback", {"turn_id": "x", "rating": "up", "reasons": ["style"]}, "the field `reasons` is not known"),
        ("feedback", {"turn_id": "x", "rating": "up", "c" * 9000: 1}, f"the field `{'c' * 100}` is not known"),
        ("feedback", ["x"], "the body should be an object with fields"),
        ("feedback", None, "the body is missing"),
        ("feedback", {"turn_id": 7, "rating": "up"}, "the field `turn_id` should be a text"),
        (
            "feedback",
            {"turn_id": "x", "rating": "up", "passage_id": "y"},
            "the field `passage_id` should be a whole number",
        ),
        ("feedback", {"turn_id": "x", "rating": "up", "passage_id": 0}, "the field `passage_id` should be at least 1"),
        ("chat/completions", {"messages": []}, "the field `messages` is empty"),
        ("chat/completions", {"messages": "Hi"}, "the field `messages` should be a list"),
        ("chat/completions", {"messages": ["Hi"]}, "the field `messages.0` should be an object with fields"),
        (
            "chat/completions",
            {"messages": [{"role": "user", "content": "x"}], "stream": "maybe"},
            "the field `stream` should be true or false",
        ),
        ("corrections", {"question": "Q?", "answer": "A.", "turn": "x"}, "the field `turn` is not known"),
        ("corrections/x/approve", {"anwser": "A."}, "the field `anwser` is not known"),
        ("corrections/x/reject", {"reason": "R.", "note": "N."}, "the field `note` is not known"),
    ],
)
def test_the_field_that_is_wrong_is_named(site: Site, path: str, body: object, reason: str) -> None:
    reply = site.client.post(f"/v1/{path}", json=body, headers=site.as_("mel"))
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "request_invalid")
    assert f"The request was not taken: {reason}. What is" in reply.json()["error"]["message"]


def test_nothing_rests_on_an_answer_of_a_chat_that_is_not_kept(site: Site) -> None:
    mel = site.services.keys.actor_of(site.keys["mel"])
    chat = site.services.conversations.begin(mel, "When is it open?", is_temporary=True)
    turn = site.ask("mel", "When is it open?", conversation_id=chat.id)["collab"]["turn_id"]
    for path, body in (("feedback", {"rating": "down"}), ("corrections", {"answer": "By appointment."})):
        reply = site.client.post(f"/v1/{path}", json={"turn_id": turn, **body}, headers=site.as_("mel"))
        assert (reply.status_code, reply.json()["error"]["code"]) == (409, "conversation_temporary")


def test_a_parameter_that_is_wrong_is_named(site: Site) -> None:
    reply = site.client.get("/v1/search", params={"q": "x", "k": 0}, headers=site.as_("mel"))
    assert "the parameter `k` should be at least 1" in reply.json()["error"]["message"]


def test_when_to_come_back() -> None:
    assert as_json(QueueFullError(waiting=3, retry_after_s=9)).headers["retry-after"] == "9"
    assert as_json(OwnAnswersError(most=3, retry_after_s=4)).headers["retry-after"] == "4"
    used_up = as_json(DailyTokensError(limit=1000, retry_after_s=7201))
    assert (used_up.status_code, used_up.headers["retry-after"]) == (429, "7201")
    assert b"in about 3 h" in used_up.body
    assert as_json(TooManyTriesError(retry_after_s=30)).headers["retry-after"] == "30"
    assert as_json(AnswersUnderWayError(most=4)).headers["retry-after"] == "5"
    assert as_json(ModelsLoadingError()).headers["retry-after"] == "5"


def test_a_kept_error_is_told_like_a_new_one() -> None:
    told = stored_problem("document_too_large", {"name": "a.pdf", "size_mb": 30, "limit_mb": 25})
    assert told.message.startswith("a.pdf has 30 MB, and at most 25 MB can be read.")
