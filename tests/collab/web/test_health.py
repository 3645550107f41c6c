from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from collab import VERSION
from collab.people.access import Role
from knowledge.database import Database
from tests.collab.web.conftest import PASSWORD, Shell, make_shell, visit, without_screen

TOKEN = "a token for prometheus"


def reading(database: Database, **settings: object) -> tuple[Shell, TestClient]:
    shell = make_shell(database, **settings)
    return shell, visit(without_screen(shell))


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_ready_only_when_index_and_models_are(visitor: TestClient, shell: Shell) -> None:
    reply = visitor.get("/readyz")
    assert (reply.status_code, reply.json()["missing"]) == (503, ["index", "models"])
    assert reply.json()["reasons"]["models"].startswith("The language model is being loaded. Wait")
    assert reply.headers["retry-after"] == "5"
    shell.models.load()
    reply = visitor.get("/readyz")
    assert (reply.status_code, reply.json()) == (200, {"ready": True, "missing": [], "reasons": {}})
    assert "retry-after" not in reply.headers


def test_the_description_of_the_api_tells_the_version(visitor: TestClient) -> None:
    assert visitor.get("/v1/openapi.json").json()["info"] == {"title": "Collab", "version": VERSION}


def test_a_damaged_database_is_missing_and_the_process_lives(visitor: TestClient, shell: Shell) -> None:
    shell.models.load()
    with shell.database.write() as session:
        session.execute(sa.text("DROP TABLE login_sessions"))
    shell.database.close()
    shell.database.path.write_bytes(b"not a database at all" * 400)
    assert visitor.get("/readyz").json()["missing"] == ["database"]
    assert visitor.get("/livez").status_code == 200


@pytest.mark.parametrize(("free", "missing"), [(500_000_000, []), (499_999_999, ["disk"])])
def test_not_ready_where_the_disk_is_full(database: Database, free: int, missing: list[str]) -> None:
    shell, visitor = reading(database, disk_usage=lambda path: SimpleNamespace(free=free, total=10**12))
    shell.models.load()
    reply = visitor.get("/readyz")
    assert (reply.status_code, reply.json()["missing"]) == (503 if missing else 200, missing)
    assert [*reply.json()["reasons"]] == missing


def test_not_ready_when_a_newer_process_changed_the_schema(visitor: TestClient, shell: Shell) -> None:
    shell.models.load()
    with shell.database.write() as session:
        session.execute(sa.text("INSERT INTO alembic_version VALUES ('later')"))
    reply = visitor.get("/readyz")
    assert (reply.status_code, reply.json()["missing"]) == (503, ["schema"])
    assert "Restart the process" in reply.json()["reasons"]["schema"]


def test_not_ready_when_another_file_stands_in_its_place(visitor: TestClient, shell: Shell, tmp_path: Path) -> None:
    shell.models.load()
    other = tmp_path / "other.db"
    other.write_bytes(shell.database.path.read_bytes())
    other.replace(shell.database.path)
    assert visitor.get("/readyz").json()["missing"] == ["schema"]


def test_an_admins_key_reads_the_numbers(visitor: TestClient, shell: Shell) -> None:
    shell.accounts.add("Ada", PASSWORD, Role.ADMIN)
    shell.metrics.answered("model", 0.1, 0.2)
    reply = visitor.get("/metrics", headers=bearer(shell.keys.make_for("Ada")))
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'collab_answers_total{decision="model"} 1.0' in reply.text
    assert "collab_queue_limit 3.0" in reply.text
    assert "collab_database_up 1.0" in reply.text
    assert "process_resident_memory_bytes" in reply.text


def test_nobody_else_reads_them(visitor: TestClient, shell: Shell) -> None:
    shell.accounts.add("Eve", PASSWORD, Role.EXPERT)
    for headers in ({}, bearer("collab_wrong"), bearer(""), bearer(shell.keys.make_for("Eve"))):
        reply = visitor.get("/metrics", headers=headers)
        assert (reply.status_code, reply.json()["error"]["code"]) == (401, "key_refused")
        assert "collab_" not in reply.text


def test_the_token_of_the_settings_reads_them(database: Database) -> None:
    _, visitor = reading(database, metrics_token=TOKEN)
    assert visitor.get("/metrics", headers=bearer(TOKEN)).status_code == 200
    assert visitor.get("/metrics", headers=bearer(TOKEN + "x")).status_code == 401
    assert visitor.get("/metrics", headers={"Authorization": "Bearer tökén".encode("latin-1")}).status_code == 401


def test_without_a_database_the_other_numbers_are_told(database: Database) -> None:
    shell, visitor = reading(database, metrics_token=TOKEN)
    shell.database.close()
    shell.database.path.write_bytes(b"not a database at all" * 400)
    told = visitor.get("/metrics", headers=bearer(TOKEN)).text
    assert "collab_database_up 0.0" in told
    assert "collab_queue_waiting 0.0" in told
    assert "collab_documents_unread" not in told
