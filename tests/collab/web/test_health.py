import sqlalchemy as sa
from starlette.testclient import TestClient

from tests.collab.web.conftest import Shell


def test_ready_only_when_index_and_models_are(visitor: TestClient, shell: Shell) -> None:
    reply = visitor.get("/readyz")
    assert (reply.status_code, reply.json()) == (503, {"ready": False, "missing": ["index", "models"]})
    shell.models.load()
    reply = visitor.get("/readyz")
    assert (reply.status_code, reply.json()) == (200, {"ready": True, "missing": []})


def test_a_damaged_database_is_missing_and_the_process_lives(visitor: TestClient, shell: Shell) -> None:
    shell.models.load()
    with shell.database.write() as session:
        session.execute(sa.text("DROP TABLE login_sessions"))
    shell.database.close()
    shell.database.path.write_bytes(b"not a database at all" * 400)
    assert visitor.get("/readyz").json() == {"ready": False, "missing": ["database"]}
    assert visitor.get("/livez").status_code == 200
