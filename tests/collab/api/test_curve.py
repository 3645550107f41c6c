"""How careful the memory is, over REST."""

from tests.collab.api.conftest import Site
from tests.waiting import until

QUESTION = "Is the museum open on Mondays?"
HEADS = "When may one come in at the start of the week?"


def test_it_is_computed_and_read(site: Site) -> None:
    asked = {"question": QUESTION, "answer": "Yes."}
    live = site.client.post("/v1/corrections", json=asked, headers=site.as_("eve")).json()["id"]
    body = {"text": HEADS, "side": "will"}
    site.client.post(f"/v1/corrections/{live}/examples", json=body, headers=site.as_("mel"))
    before = site.client.get("/v1/corrections/curve", headers=site.as_("eve"))
    assert before.json() == {"curve": None, "share": None, "has_failed": False}
    assert site.client.post("/v1/corrections/curve", headers=site.as_("eve")).status_code == 202

    def told() -> dict:  # type: ignore[type-arg]
        return site.client.get("/v1/corrections/curve", headers=site.as_("ada")).json()  # type: ignore[no-any-return]

    until(lambda: told()["share"] is None)
    curve = told()["curve"]
    assert [point["cost"] for point in curve["points"]] == [1, 2, 4, 9, 19, 49, 99]
    assert (curve["setting"], curve["corrections"], curve["live"], curve["by"], curve["said"]) == (9, 1, 1, "eve", 1)
    assert {point["answered"] + point["offered"] + point["missed"] for point in curve["points"]} == {curve["right"]}
    assert all(one["correction_id"] == live for one in curve["right_next"] + curve["wrong_first"])


def test_members_may_not_read_it(site: Site) -> None:
    for method in ("GET", "POST"):
        assert site.client.request(method, "/v1/corrections/curve", headers=site.as_("mel")).status_code == 403
