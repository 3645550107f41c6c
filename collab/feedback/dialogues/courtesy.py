"""Leaves out what only greets, thanks, introduces or keeps somebody waiting, in English and Chinese. Plain lists of
phrases.
"""

import re

from collab.people.privacy import mask
from knowledge.text import content_words, sentences

SAYS_MORE = 5  # content words in all, from which a sentence that begins politely says something

_POLITE = (
    "hi|hello|hey|hiya|dear|greetings|good morning|good afternoon|good evening|good day|welcome|"
    "thanks|thank you|many thanks|thx|cheers|great|perfect|awesome|excellent|wonderful|ok|okay|alright|got it|"
    "sure|of course|certainly|absolutely|no problem|no worries|you're welcome|my pleasure|glad|happy to help|"
    "regards|kind regards|best regards|best wishes|sincerely|yours sincerely|best|"
    "have a nice|have a great|have a good|have a lovely|have a wonderful|bye|goodbye|take care|see you|"
    "please hold|please wait|hold on|bear with me|one moment|one second|just a moment|just a second|a moment please|"
    "give me a|let me check|let me look|let me see|let me have a look|i'll check|i will check|i'll look|"
    "i'll have a look|let me find|let me ask|i'll find out|i will find out|i'll ask|i will ask|i'll get back|"
    "i will get back|we'll get back|we will get back|i'll transfer|i will transfer|let me transfer|"
    "i don't know|i do not know|we don't know|we do not know|i'm not sure|i am not sure|no idea|"
    "i have a question|i have a quick question|i've got a question|"
    "sorry|i'm sorry|i am sorry|we're sorry|apologies|my apologies|no, that's all|that's all|"
    "您好|你好|早上好|下午好|晚上好|在吗|谢谢|感谢|多谢|好的|不客气|再见|请稍等|稍等|很高兴|祝您|抱歉|麻烦了"
)
_POLITE_QUESTIONS = (
    "how can i help|how may i help|how can i assist|how may i assist|what can i do for you|what can i help|"
    "how are you|is there anything else|anything else|was there anything else|can i ask|may i ask|could i ask|"
    "can you help|could you help|can someone help|can anyone help|are you there|is anyone there|does that help|"
    "would you mind holding|can i have your name|may i have your name|"
    "请问有什么|有什么可以帮|还有什么|还有其他|在吗|有人吗"
)
_NAME = r"[A-ZÀ-Þ][\w.'-]*(?: [A-ZÀ-Þ][\w.'-]*){0,2}"
_DETAILS = (
    r"(?:[\s,;:()/–-]|\b(?:and|my|e-?mail|mail|address|phone|mobile|customer|order|account|member|ticket|id|no|number|is)\b"
    r"|\[[a-z-]+\])*+"
)


def _starts_with(phrases: str) -> re.Pattern[str]:
    longest_first = sorted(phrases.split("|"), key=len, reverse=True)
    return re.compile("|".join(re.escape(one) + (r"\b" if one.isascii() else "") for one in longest_first))


_SAYS_POLITELY, _ASKS_POLITELY = _starts_with(_POLITE), _starts_with(_POLITE_QUESTIONS)
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^,!.?\n]{0,30}[,!.]+\s*"
    r"|(?:您好|你好)[,，!！。\s]*)+",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(?:^|\n)[^\S\n]*(?:(?:kind|best|warm) )?(?:regards|wishes|sincerely|yours|cheers|best)[,.!]*[^\S\n]*\n"
    r"(?:.{0,60}\n?){1,4}$",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(  # of a sentence in which personal data is masked
    rf"(?:(?i:my name is|my name's|this is|i am|i'm) {_NAME}(?: (?:from|with|here|at)\b[^,.!?]*+)?"
    rf"|(?i:my (?:e-?mail|mail|phone|mobile|customer|order|account)(?: number| address)?(?: is)?)(?= \[)"
    rf"|(?:我叫|我的名字[是叫])[\u4e00-\u9fff]{{2,3}}(?:[,，、\s]*(?:我的)?(?:邮箱|电话|手机号?)?[是:：]?\[[a-z-]+\])*){_DETAILS}"
)
_INTRODUCES = re.compile(r"(?i)my |this is|i am|i'm|我叫|我的")
_GOES_ON = re.compile(
    r"(?i:how|what|when|where|why|who|which|can|could|do|does|is|are|may|should|will)\b|[怎如为哪请能可什]"
)


def without_courtesy(text: str) -> str:
    """The text without its polite sentences, and without a greeting or a signature around what says more."""
    kept = []
    for line in _SIGNATURE.sub("", text).split("\n"):
        told = [_from_its_matter(line[span.start : span.end]) for span in sentences(line)]
        kept.append(" ".join(sentence for sentence in told if not is_courtesy(sentence)))
    return "\n".join(line for line in kept if line.strip())


def _from_its_matter(sentence: str) -> str:
    """The sentence without the greeting, and the introduction, that go before its question."""
    text = _GREETING.sub("", sentence, count=1)
    introduced = _introduced(text)
    rest = introduced[1].lstrip(".!, ，;") if introduced else ""
    return rest if _GOES_ON.match(rest) else text


def _introduced(text: str) -> tuple[str, str] | None:
    """An introduction and what follows it, both masked; None for a text that begins otherwise."""
    if not _INTRODUCES.match(text):
        return None
    masked = mask(text)
    found = _INTRODUCTION.match(masked)
    return (found[0], masked[found.end() :]) if found else None


def is_courtesy(sentence: str) -> bool:
    """Whether a sentence says nothing but something polite, or who it is that speaks."""
    text = sentence.strip().replace("’", "'")
    if not content_words(text):
        return True
    if text.endswith(("?", "？")):
        return bool(_ASKS_POLITELY.match(text.lower())) and len(content_words(text)) < SAYS_MORE
    if (introduced := _introduced(text)) and not introduced[1].strip(".!。！ "):
        return True
    return bool(_SAYS_POLITELY.match(text.lower())) and len(content_words(text)) < SAYS_MORE
