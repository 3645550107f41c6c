"""Leaves out what only greets, thanks or keeps somebody waiting, in English and Chinese. Plain lists of phrases."""

import re

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
    "i'll have a look|"
    "i have a question|i have a quick question|i've got a question|my name is|this is|i am|i'm|"
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
_INTRODUCTIONS = ("my name is", "this is", "i am", "i'm")  # polite only before a name


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
_NAME_FOLLOWS = re.compile(r"[A-ZÀ-Þ][\w.]*(?: [A-ZÀ-Þ][\w.]*)?(?: (?:from|with|here|at)\b.*)?\W*")


def without_courtesy(text: str) -> str:
    """The text without its polite sentences, and without a greeting or a signature around what says more."""
    kept = []
    for line in _SIGNATURE.sub("", text).split("\n"):
        told = [_GREETING.sub("", line[span.start : span.end], count=1) for span in sentences(line)]
        kept.append(" ".join(sentence for sentence in told if not is_courtesy(sentence)))
    return "\n".join(line for line in kept if line.strip())


def is_courtesy(sentence: str) -> bool:
    """Whether a sentence says nothing but something polite."""
    text = sentence.strip().replace("’", "'")
    if not content_words(text):
        return True
    if text.endswith(("?", "？")):
        return bool(_ASKS_POLITELY.match(text.lower())) and len(content_words(text)) < SAYS_MORE
    found = _SAYS_POLITELY.match(text.lower())
    if found and found[0] in _INTRODUCTIONS:
        return bool(_NAME_FOLLOWS.fullmatch(text[found.end() :].strip()))
    return bool(found) and len(content_words(text)) < SAYS_MORE
