"""`/v1/corrections/curve`: how careful the memory is, at each setting. For experts and admins."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter
from pydantic import BaseModel, Field

from collab.api.auth import Person

if TYPE_CHECKING:
    from collab.services import Services


class PointReply(BaseModel):
    """A setting: what becomes of the right questions there, and how many wrong ones are answered."""

    cost: float = Field(description="misses that one wrong answer is worth, as in COLLAB_WRONG_COST")
    answered: int
    offered: int
    missed: int
    hijacked: int


class CaseReply(BaseModel):
    """A question, with the correction that answers it up to the setting `highest` (null: at every one)."""

    text: str
    correction_id: str
    question: str
    highest: float | None


class CurveReply(BaseModel):
    """The last result. The questions are in other words than those that memory knows; `same_words` counts the rest."""

    setting: float = Field(description="the one that holds")
    points: list[PointReply]
    right: int
    wrong: int
    said: int = Field(description="of both, those that people judged; the others are made up")
    same_words: int
    corrections: int = Field(description="that were looked at, of the `live` ones")
    live: int
    wrong_first: list[CaseReply] = Field(
        description="wrong questions, in the order in which a lower setting answers them"
    )
    right_next: list[CaseReply] = Field(description="right questions that only a lower setting answers, in that order")
    by: str
    at: datetime


class CurveState(BaseModel):
    """The last result (null before any), and how much of a new one is done (null where none is under way)."""

    curve: CurveReply | None
    share: float | None
    has_failed: bool


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource; before that of single corrections, whose ids would match its address."""
    curves = services.curves

    def state(actor: Person) -> CurveState:
        found, work = curves.last(actor), curves.work(actor)
        curve = CurveReply.model_validate(asdict(found)) if found else None
        return CurveState(curve=curve, share=work.share, has_failed=work.has_failed)

    @router.get("/corrections/curve")
    def curve(actor: Person) -> CurveState:
        """What the memory does with known questions at each setting, as it was last computed."""
        return state(actor)

    @router.post("/corrections/curve", status_code=202)
    def compute(actor: Person) -> CurveState:
        """Computes it anew in the background, unless that is under way."""
        curves.start(actor)
        return state(actor)
