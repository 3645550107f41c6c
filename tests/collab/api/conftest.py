"""The API over real services with small fakes for the models."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from collab import api
from collab.config import Settings
from collab.people.access import Actor, Role
from collab.services import Services
from tests.fakes import EchoModel, StillRunner, WordEmbedder, add_people

GUIDE = """# Harbour Museum visitor guide

## Opening hours
The museum is open from 10:00 to 18:00, Tuesday to Sunday. On Mondays it is closed.

## Tickets
Adults pay 14 euros. Students pay 9 euros on showing a valid card.

## Lockers
Bags larger than 40 centimetres must be left in the lockers, which take a 2 euro coin.
"""


@dataclass(frozen=True)
class Site:
    """A running API and a key for each person: mel and oli are members, eve is an expert, ada an admin."""

    app: FastAPI
    client: TestClient
    services: Services
    keys: dict[str, str]
    model: EchoModel

    def as_(self, name: str) -> dict[str, str]:
        """The headers with which a person asks."""
        return {"Authorization": f"Bearer {self.keys[name]}"}

    def ask(self, name: str, question: str, **more: object) -> dict:  # type: ignore[type-arg]
        """The whole answer to a question."""
        body = {"model": "collab", "messages": [{"role": "user", "content": question}], **more}
        reply = self.client.post("/v1/chat/completions", json=body, headers=self.as_(name))
        assert reply.status_code == 200, reply.text
        return reply.json()  # type: ignore[no-any-return]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A test module may override them."""
    return Settings(data=tmp_path, upload_mb=1)


@pytest.fixture
def site(settings: Settings, migrated: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """The guide is in the library, for everyone; a test may bring a model of its own as the parameter. Nothing trains
    by itself.
    """
    shutil.copy(migrated, settings.data)
    model = getattr(request, "param", EchoModel)()
    services = Services(settings, embedder=WordEmbedder(), engine=model, runner=StillRunner())
    services.models.load()
    roles = {"mel": Role.MEMBER, "oli": Role.MEMBER, "eve": Role.EXPERT, "ada": Role.ADMIN}
    add_people(services.database, *(Actor(name, name, role) for name, role in roles.items()))
    services.library.add("guide.md", GUIDE.encode(), "everyone")
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json")
    app.include_router(api.router(services))
    keys = {name: services.keys.make_for(name) for name in roles}
    with TestClient(app) as client:
        yield Site(app, client, services, keys, model)
    services.close()


@pytest.fixture
def url(site: Site) -> Iterator[str]:
    """The API on a loopback port."""
    server = uvicorn.Server(uvicorn.Config(site.app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/v1"
    server.should_exit = True
    thread.join()
