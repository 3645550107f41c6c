"""Whether a question asks for what is not so, and whether a sentence tells of such: what does it not pay for?

Rules over English words: of a question the verb that asks counts, not what stands in a clause beneath it nor what tells
which things are meant (parcels not collected), and why something is not so is another question. It knows no sources.
"""

import re

from knowledge.scope.words import OPPOSITES, listed
from knowledge.text import content_words, words
from knowledge.wordlists import NEGATIONS

_VERB = r"(?:do|does|did|is|are|was|were|am|can|could|may|might|must|shall|should|will|would|has|have|had)"
_BENEATH = r"(?:if|when|while|because|unless|that|who|which|what|whose|before|after|about|by|for|of)"
_PARTICIPLE = (
    r"(?:(?!(?:embed|shed|wed)\b)\w{2,}(?<!e)ed|agreed|guaranteed|been|taken|given|eaten|written|broken|forgotten|chosen|stolen"
    r"|driven|kept|held|sold|sent|lent|paid|left|lost|made|done|bought|brought|caught|found|built|met|worn|torn|shown"
    r"|known|seen|drawn|grown|thrown|gone)"
)
_ADVERBS = r"(?:(?:yet|ever|also|already|always|fully|\w+ly)\s+)*"
_DO = r"(?:do|does|did|can|could|may|might|must|shall|should|will|would)"
_BE = r"(?:is|are|was|were|am)"
_MORE = r"(?:[^\s?.!,]+\s+)*?"
_MODIFIES = re.compile(  # what do extras not included cost, how long are parcels not collected (in time) kept
    rf"\b{_DO}\s+(?:[\w'’-]+\s+)+?not\s+{_ADVERBS}{_PARTICIPLE}\b"
    rf"|\b{_BE}\s+(?:[\w'’-]+\s+)+?not\s+{_ADVERBS}(?!{_ADVERBS}{_PARTICIPLE}[\s?.!]*$){_PARTICIPLE}\s+{_MORE}"
    rf"(?:{_PARTICIPLE}|available|free|open|due|put)[\s?.!]*$",
    re.IGNORECASE,
)
_ASKS_NOT = re.compile(
    rf"^(?:(?:and|but|so)\s+)?(?:what|which|who|whom|how(?!\s+come\b)|when|where)\b(?:\s+(?!{_VERB}\b|{_BENEATH}\b)[\w'’-]+)*?"
    rf"(?:\s+{_VERB}(?:\s+(?!{_VERB}\b|{_BENEATH}\b)[\w'’-]+){{0,6}}?\s+(?:not|never)\b"
    rf"|\s+(?:cannot|(?:do|does|did|is|are|was|were|ca|could|must|should|wo|would|has|have)n['’]t)\b)",
    re.IGNORECASE,
)
_EXCEPTING = NEGATIONS | frozenset(
    content_words(
        "cannot except excluding excluded only unless instead refuse forbidden forbids prohibited banned denied "
        "lacks fails closed"
    )
)
_OTHERS = re.compile(
    r"\b(?:all|every|the|any) (?:other|rest|remaining)\b|\bothers\b|\ball (?:\w+ )?but\b", re.IGNORECASE
)
_OPPOSITES = (*OPPOSITES, (listed("charge charged cost costs pay pays price fee"), listed("free")))


def asks_not(question: str) -> bool:
    """Whether what is not so is asked for."""
    return _ASKS_NOT.match(question.strip()) is not None and not _MODIFIES.search(question)


def tells_not(question: str, sentence: str) -> bool:
    """Whether a sentence negates or excepts something, or says the opposite of what the question says."""
    excepting = _EXCEPTING - (set(content_words(question)) - NEGATIONS)
    if not excepting.isdisjoint(content_words(sentence)) or _OTHERS.search(sentence):
        return True
    asked, told = set(words(question)), set(words(sentence))
    sides = (*_OPPOSITES, *((right, left) for left, right in _OPPOSITES))
    return any(said & asked and against & told and not said & told for said, against in sides)
