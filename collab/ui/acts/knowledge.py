"""What one can do in Knowledge."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter

from collab.ui.acts import Act, Id, Text

PassageId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class Open(Act):
    """Read a document with its passages."""

    act: Literal["open"]
    document: Id


class Remove(Act):
    """Delete a document."""

    act: Literal["remove"]
    document: Id


class BringBack(Act):
    """Undo that."""

    act: Literal["bring_back"]
    document: Id


class Sample(Act):
    """Load the sample handbook."""

    act: Literal["sample"]


class Switch(Act):
    """Leave a passage out of answers, let it in again, or put it back as it was read."""

    act: Literal["disable", "enable", "restore"]
    passage: PassageId


class Rewrite(Act):
    """Put a passage in other words; `seen` are those that the person read."""

    act: Literal["rewrite"]
    passage: PassageId
    text: Text
    seen: Text


class Try(Act):
    """Type a question and see what each stage finds; without one, the place to type it."""

    act: Literal["try"]
    question: Text = ""


class File(BaseModel):
    """A file that Gradio has received: where it lies, and the name that it had. The rest of what is told is left."""

    path: Annotated[str, Field(min_length=1)]
    orig_name: str | None = None


KnowledgeAct = Open | Remove | BringBack | Sample | Switch | Rewrite | Try

KNOWLEDGE_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[KnowledgeAct, Field(discriminator="act")])
FILES: TypeAdapter[list[File] | None] = TypeAdapter(list[File] | None)
REPLACED: TypeAdapter[str] = TypeAdapter(Id)
