"""What one can do in Review. Each act carries the view, so that the list stays as it was; `next` is what opens then."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from collab.feedback.queue import Assigned, Filter, Order, Status
from collab.ui.acts import Act, Id, Text

MOST_PAGES = 200
MOST_AT_ONCE = 200
Ref = Annotated[str, Field(max_length=96)]
Revision = Annotated[int, Field(ge=1)] | None


class View(BaseModel):
    """What the list shows: the filters, and how many pages of it; or, in its place, how `careful` the memory is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status = Status.OPEN
    order: Order = Order.IMPACT
    assigned: Assigned = Assigned.ANYBODY
    author: Id = ""
    reason: Id = ""
    document: Id = ""
    text: Annotated[str, Field(max_length=1_000)] = ""
    days: Annotated[int, Field(ge=0, le=3_650)] = 0
    pages: Annotated[int, Field(ge=1, le=MOST_PAGES)] = 1
    careful: bool = False

    @classmethod
    def of_address(cls, words: str) -> "View":
        """What an address says that is listed; what it says and nobody can read is left."""
        try:
            return cls.model_validate_json(words or "{}")
        except ValidationError:
            return cls()

    def wanted(self) -> Filter:
        """The filters alone."""
        return Filter(**self.model_dump(exclude={"pages", "careful"}))


class OnView(Act):
    """An act after which the list is as it was."""

    view: View = View()
    next: Ref = ""


class Case(OnView):
    """Open a case; an empty one is the first. Also how the list changes its filters, or grows by a page."""

    act: Literal["case"]
    case: Ref = ""


class Approve(OnView):
    """Let a correction answer everyone, perhaps in other words."""

    act: Literal["approve"]
    correction: Id
    question: Text
    answer: Text
    reason: Text = ""
    revision: Revision = None


class Reject(OnView):
    """Say no to a correction, and why."""

    act: Literal["reject"]
    correction: Id
    reason: Text
    revision: Revision = None


class Replace(OnView):
    """Put one's own words in the place of what somebody else decided meanwhile."""

    act: Literal["replace"]
    correction: Id
    question: Text
    answer: Text


class Answer(OnView):
    """Write the right answer to a turn that was rated down."""

    act: Literal["answer"]
    turn: Id
    answer: Text
    kind: Literal["fact", "style"] = "fact"


class Resolve(OnView):
    """Close a rated turn with a word of what was done; perhaps its answer is shown again."""

    act: Literal["resolve"]
    turn: Id
    reason: Text
    show_again: bool = False


class Reopen(OnView):
    """Take that back."""

    act: Literal["reopen"]
    turn: Id


class Assign(OnView):
    """Give a case to somebody; to nobody, when `person` is empty."""

    act: Literal["assign"]
    case: Ref
    person: Id = ""


class Decide(OnView):
    """Decide several cases at once, each with the revision that was read."""

    act: Literal["decide"]
    chosen: Annotated[dict[Ref, Revision], Field(min_length=1, max_length=MOST_AT_ONCE)]
    verdict: Literal["approve", "reject"]
    reason: Text = ""


class Undecide(OnView):
    """Take back what was decided together."""

    act: Literal["undecide"]
    decided: Annotated[list[Ref], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Compute(OnView):
    """Ask the memory again how careful it is."""

    act: Literal["compute"]


class Withdraw(OnView):
    """Take a correction out of force."""

    act: Literal["withdraw"]
    correction: Id


class UndoReview(OnView):
    """Take back the last act on a correction."""

    act: Literal["undo"]
    correction: Id


ReviewAct = (
    Case
    | Approve
    | Reject
    | Replace
    | Answer
    | Resolve
    | Reopen
    | Assign
    | Decide
    | Undecide
    | Compute
    | Withdraw
    | UndoReview
)

REVIEW_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[ReviewAct, Field(discriminator="act")])
