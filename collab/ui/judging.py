"""The passage that would have been right: found by the person who says that an answer is beside the point."""

from collab.people.access import Actor
from collab.ui.acts.chat import Pick
from collab.ui.present import judging
from collab.ui.present.judging import Candidate
from collab.ui.screen import Screen, Update
from knowledge.database import new_id
from knowledge.records import PassageRecord
from knowledge.text import content_words

SHOWN = 8


def picker(screen: Screen, actor: Actor, act: Pick) -> Update:
    """The panel with what was found for the words, at first those of the question."""
    turn = screen.services.conversations.turn(actor, act.turn)
    query = act.text.strip() or turn.standalone
    found = screen.services.documents.search(actor, query, SHOWN)
    candidates = [_candidate(query, one.passage) for one in found]
    return {"panel": judging.picker(screen.texts, turn, query, candidates, nonce=new_id())}


def _candidate(query: str, passage: PassageRecord) -> Candidate:
    """With the sentence that shares the most words with what is looked for."""
    wanted = set(content_words(query))
    sentences = [passage.text[one.start : one.end] for one in passage.sentences] or [passage.text]
    best = max(sentences, key=lambda sentence: len(wanted.intersection(content_words(sentence))))
    place = f"{passage.document} · {passage.heading}" if passage.heading else passage.document
    return Candidate(passage.id, place, passage.text, best)
