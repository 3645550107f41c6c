"""What one can do in Knowledge."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter

from collab.ui.acts import Act, Id


class Open(Act):
    """Read a document with its passages."""

    act: Literal["open"]
    document: Id


class Remove(Act):
    """Delete a document."""

    act: Literal["remove"]
    document: Id


class Sample(Act):
    """Load the sample handbook."""

    act: Literal["sample"]


class File(BaseModel):
    """A file that Gradio has received: where it lies, and the name that it had. The rest of what is told is left."""

    path: Annotated[str, Field(min_length=1)]
    orig_name: str | None = None


KnowledgeAct = Open | Remove | Sample

KNOWLEDGE_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[KnowledgeAct, Field(discriminator="act")])
FILES: TypeAdapter[list[File] | None] = TypeAdapter(list[File] | None)
