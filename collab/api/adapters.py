"""`/v1/adapters`: the versions that training made of the model, and which one writes answers. For admins."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from collab.api.auth import Person
from collab.api.fields import Body
from collab.learning.run_records import Adapter

if TYPE_CHECKING:
    from collab.services import Services

_PIECE_BYTES = 1 << 20
_ZIP: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}}}


class PromoteRequest(Body):
    """Why a version is promoted that the gate has not passed; the audit keeps it."""

    reason: str | None = None


class PromotedReply(BaseModel):
    """A change of the live version. Ids are null for the model as it came."""

    adapter_id: str | None
    previous_id: str | None
    by: str = Field(description="a name; empty for the schedule and the command line")
    at: datetime
    is_rollback: bool
    reason: str | None


class AdapterReply(BaseModel):
    """A version of the model. It never changes."""

    id: str
    run_id: str | None = Field(description="the training that made it; null for one that was imported")
    parent_id: str | None = Field(description="the version that it began from; null for the model as it came")
    base: str = Field(description="the model that it belongs to")
    is_passed: bool = Field(description="whether the gate has passed it")
    strength: float = Field(description="share of what the training changed")
    created_at: datetime
    by: str
    lessons: int = Field(description="that it was taught, those of its parents among them")
    is_live: bool
    promotions: list[PromotedReply] = Field(description="newest first")


class AdapterList(BaseModel):
    """The newest first."""

    data: list[AdapterReply]


class DifferingReply(BaseModel):
    """A setting of the training that is not the same; null where it is not known."""

    name: str
    one: str | int | float | bool | None
    other: str | int | float | bool | None


class FigureReply(BaseModel):
    """A share by each version's own report, whose questions may have been others; null where it is not known."""

    name: str
    one: float | None
    other: float | None
    difference: float | None


class TaughtReply(BaseModel):
    """Lessons that one was taught and the other was not."""

    count: int
    questions: list[str] = Field(description="of corrections among them, at most 20")


class ComparisonReply(BaseModel):
    """Two versions beside each other."""

    one: AdapterReply
    other: AdapterReply
    settings: list[DifferingReply]
    only_one: TaughtReply
    only_other: TaughtReply
    both: int = Field(description="lessons that both were taught")
    figures: list[FigureReply]


class LiveReply(BaseModel):
    """What answers are written with from now on; null for the model as it came."""

    adapter_id: str | None


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource."""
    adapters = services.adapters

    @router.get("/adapters")
    def list_adapters(actor: Person) -> AdapterList:
        """All versions."""
        return AdapterList(data=[_reply(one) for one in adapters.all(actor)])

    @router.post("/adapters/rollback")
    def rollback(actor: Person) -> LiveReply:
        """Goes back to what was live before the last promotion."""
        return LiveReply(adapter_id=adapters.roll_back(actor))

    @router.get("/adapters/{adapter_id}")
    def get(actor: Person, adapter_id: str) -> AdapterReply:
        """One version, with who promoted it when."""
        return _reply(adapters.get(actor, adapter_id))

    @router.get("/adapters/{adapter_id}/compare/{other_id}")
    def compare(actor: Person, adapter_id: str, other_id: str) -> ComparisonReply:
        """Two versions: where they come from, how they were trained, what they were taught, what their gates found."""
        found = services.comparisons.compare(actor, adapter_id, other_id)
        figures = [asdict(one) | {"difference": one.difference} for one in found.figures]
        return ComparisonReply.model_validate(asdict(found) | {"figures": figures})

    @router.post("/adapters/{adapter_id}/promote")
    def promote(actor: Person, adapter_id: str, body: PromoteRequest | None = None) -> AdapterReply:
        """Lets answers that begin from now on be written with it; those under way end as they began."""
        return _reply(adapters.promote(actor, adapter_id, (body or PromoteRequest()).reason))

    @router.get("/adapters/{adapter_id}/export", response_class=StreamingResponse, responses=_ZIP)
    def export(actor: Person, adapter_id: str) -> StreamingResponse:
        """A .zip with a standard folder of PEFT and its manifest."""
        with ExitStack() as stack:
            folder = stack.enter_context(TemporaryDirectory())
            archive = adapters.export(actor, adapter_id, Path(folder) / "adapter.zip")
            held = stack.pop_all()
        headers = {"Content-Disposition": f'attachment; filename="{adapter_id}.zip"'}
        return StreamingResponse(_pieces(archive, held), media_type="application/zip", headers=headers)


def _pieces(archive: Path, held: ExitStack) -> Iterator[bytes]:
    """The file's content; what holds it is let go at the end, also where nobody reads that far."""
    with held, archive.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _reply(one: Adapter) -> AdapterReply:
    return AdapterReply.model_validate(asdict(one))
