"""What every command imports."""

from collab.commands import asking, conversations, corrections, documents, people, upkeep  # noqa: F401
