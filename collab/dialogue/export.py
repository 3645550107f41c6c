"""A conversation as a file: Markdown for people, JSON for programs. Pure; the words around it are the caller's."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from collab.dialogue.records import ConversationRecord, Source, TurnRecord

Words = Callable[[str], str]


def as_markdown(t: Words, conversation: ConversationRecord, path: Sequence[TurnRecord], own: Mapping[str, str]) -> str:
    """What the conversation shows: each question with its answer, what its numbers stand for, and what the person wrote
    in its place, which is `own` by the id of the turn.
    """
    parts = [f"# {_line(conversation.title)}"]
    for turn in path:
        parts += [f"## {_line(turn.question)}", t("chat.hidden") if turn.is_hidden else turn.answer]
        if turn.sources and not turn.is_hidden:
            parts.append("\n".join([t("chat.sources"), "", *_sources(turn.sources)]))
        if turn.id in own:
            parts.append(f"**{t('edited.title')}**\n\n{own[turn.id]}")
        parts.append(f"*{t(f'badge.{turn.decision}')}, {turn.created_at.isoformat(timespec='minutes')}*")
    return "\n\n".join(parts) + "\n"


def as_json(conversation: ConversationRecord, turns: Sequence[TurnRecord], own: Mapping[str, str]) -> str:
    """The whole tree: `previous_id` says which turn each follows, `current_turn_id` where the shown path ends, and
    `correction` what the person wrote in the place of an answer.
    """
    content = {
        "id": conversation.id,
        "title": conversation.title,
        "created_at": conversation.created_at.isoformat(),
        "current_turn_id": conversation.current_turn_id,
        "turns": [{**_turn(turn), "correction": own.get(turn.id)} for turn in turns],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def file_name(title: str, kind: str) -> str:
    """A name that every file system takes."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in title)
    return f"{' '.join(kept.split())[:60].strip() or 'conversation'}.{kind}"


def _turn(turn: TurnRecord) -> dict[str, Any]:
    return {
        "id": turn.id,
        "previous_id": turn.previous_id,
        "retry_of": turn.retry_of,
        "created_at": turn.created_at.isoformat(),
        "question": turn.question,
        "answer": None if turn.is_hidden else turn.answer,
        "decision": turn.decision.value,
        "is_hidden": turn.is_hidden,
        "is_stopped": turn.is_stopped,
        "sources": [
            {"n": one.n, "document": one.document, "heading": one.heading, "page": one.page, "quote": one.quote}
            for one in turn.sources
        ],
    }


def _sources(sources: Sequence[Source]) -> list[str]:
    """One line for each quote, under the number of its passage."""
    return [
        f"- [{one.n}] {' · '.join(filter(None, (one.document, one.heading)))}: “{_line(one.quote)}”" for one in sources
    ]


def _line(text: str) -> str:
    return " ".join(text.split())
