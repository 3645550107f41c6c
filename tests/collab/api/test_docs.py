"""The page that describes the API."""

import re

from tests.collab.api.conftest import Site

RESOURCES = {
    "/v1/adapters": {"get"},
    "/v1/adapters/rollback": {"post"},
    "/v1/adapters/{adapter_id}": {"get"},
    "/v1/adapters/{adapter_id}/export": {"get"},
    "/v1/adapters/{adapter_id}/promote": {"post"},
    "/v1/chat/completions": {"post"},
    "/v1/models": {"get"},
    "/v1/models/{model}": {"get"},
    "/v1/feedback": {"post"},
    "/v1/corrections": {"get", "post"},
    "/v1/corrections/curve": {"get", "post"},
    "/v1/corrections/{correction_id}": {"get", "patch"},
    "/v1/corrections/{correction_id}/approve": {"post"},
    "/v1/corrections/{correction_id}/conflicts": {"post"},
    "/v1/corrections/{correction_id}/conflicts/{about}/{other_id}": {"delete"},
    "/v1/corrections/{correction_id}/examples": {"post"},
    "/v1/corrections/{correction_id}/examples/{example_id}": {"delete"},
    "/v1/corrections/{correction_id}/test": {"post"},
    "/v1/examples/{example_id}/approve": {"post"},
    "/v1/examples/{example_id}/reject": {"post"},
    "/v1/corrections/{correction_id}/reject": {"post"},
    "/v1/corrections/{correction_id}/withdraw": {"post"},
    "/v1/adapters/{adapter_id}/compare/{other_id}": {"get"},
    "/v1/documents": {"get", "post"},
    "/v1/documents/{document_id}": {"put", "delete"},
    "/v1/search": {"get"},
    "/v1/training-runs": {"get", "post"},
    "/v1/training-runs/waiting": {"get"},
    "/v1/training-runs/{run_id}": {"get"},
    "/v1/training-runs/{run_id}/cancel": {"post"},
    "/v1/training-runs/{run_id}/steps": {"get"},
    "/v1/turns/{turn_id}/different": {"post"},
    "/v1/turns/{turn_id}/not_asked": {"post"},
    "/v1/turns/{turn_id}/same": {"post"},
    "/v1/unaided-answers": {"post"},
}


def test_every_resource_is_described(site: Site) -> None:
    described = site.client.get("/v1/openapi.json").json()
    assert {path: set(methods) for path, methods in described["paths"].items()} == RESOURCES
    for methods in described["paths"].values():
        assert all(one["description"] for one in methods.values())
        assert all(one["security"] == [{"HTTPBearer": []}] for one in methods.values())


def test_an_operation_goes_by_what_it_does(site: Site) -> None:
    described = site.client.get("/v1/openapi.json").json()
    named = [one["operationId"] for methods in described["paths"].values() for one in methods.values()]
    ids = set(named)
    assert len(ids) == len(named)
    assert {"list_models", "submit_corrections", "list_corrections", "approve_corrections"} <= ids
    assert {"upload_documents", "list_documents", "remove_documents", "search"} <= ids
    assert {"start_training_runs", "list_training_runs", "promote_adapters", "rollback_adapters"} <= ids


def test_the_page_needs_no_other_server(site: Site) -> None:
    page = site.client.get("/docs").text
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert sorted(links) == ["/docs/favicon.png", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css"]
    assert all(site.client.get(link).status_code == 200 for link in links)
    assert "http" not in re.sub(r"<!--.*?-->", "", page)


def test_only_the_pages_own_files_are_served(site: Site) -> None:
    for name in ("redoc.standalone.js", "..%2fcore.py", "nothing"):
        reply = site.client.get(f"/docs/{name}")
        assert reply.status_code == 404
