"""What somebody says against an answer, in the chat: "No, it's 45 days". Told apart from questions by plain rules, and
put into the answer.

Pure functions over strings. It asks no model and saves nothing; where it is not sure, a text is a question.
"""

import re

from collab.dialogue.values import Value, put, values
from knowledge.text import content_words, is_chinese

LONGEST = 500  # characters; more is a text of its own

_BE = r"(?:'s|’s| is| was)"
_NOT_RIGHT = (
    r"(?:not (?:quite |really )?(?:right|correct|true|the case)|(?:no longer|not any ?more) (?:right|correct|true))"
)
_WRONG = rf"(?:wrong|incorrect|false|outdated|out of date|a mistake|{_NOT_RIGHT})"
_THAT_IS_WRONG = (
    rf"(?:(?:that|this|it|the answer|your answer){_BE} {_WRONG}|that isn['’]t (?:quite )?(?:right|correct|true)"
    r"|you(?:['’]re| are) (?:wrong|mistaken)|not (?:quite|correct|right|true))"
)
_DENIAL = rf"(?:no|nope|nah|wrong|incorrect|false|correction|{_THAT_IS_WRONG})"
_LOOSE = rf"(?:actually|in fact|{_THAT_IS_WRONG})"  # what follows needs no comma
_SUBJECT = r"(?=(?:it|they|that|this|these|those|there|the|we|you|he|she|our|your)\b|[$€£¥]?\d)"
_BREAK = r"(?:\s*[,.;:!…]+\s*|\s+[-–—]+\s*)"
_OPENING = re.compile(
    rf"(?:(?:sorry|well|hm+|but|oh|ah|yes)\b[\s,.…]*)?"
    rf"(?:{_DENIAL}(?:{_BREAK}|\s+(?={_DENIAL}|{_LOOSE})|\s+{_SUBJECT})|{_LOOSE}(?:{_BREAK}|\s+))+",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"((?:it|that|they|there|the [\w ]{1,40}?)(?:['’](?:s|re)| is| are| was| costs?)) (?:actually|in fact)\b,?", re.I
)
_NOTHING_MORE = re.compile(rf"(?:{_DENIAL}|.*\bplease)[\s.!]*", re.IGNORECASE | re.DOTALL)
_CONTRAST = re.compile(r",? (?:and )?not \S|不是.+是", re.IGNORECASE)
_HEDGE = re.compile(r"(?:i (?:think|believe|guess|know)(?: that)?|as far as i know),? ", re.IGNORECASE)
_NO_CLAIM = re.compile(
    r"(?:what|when|where|who|whose|whom|why|how|which|do|does|did|is|are|was|were|am|can|could|may|might|will|would|shall"
    r"|should|have|has|had|if)\b(?! not )"
    r"|i\b|i['’]|my question|me\b|please|tell|show|give|list|explain|write|let|try|find|look|search|use|make|translate"
    r"|summari[sz]e|rewrite|shorten|forget|never|nothing|none|thanks?|ok(?:ay)?\b|don['’]t|do not"
    r"|not (?:really|yet|now)"
    r"|(?:for|in|with|without|about|of|to|from|as)\b"
    r"|(?:it|that|this)(?:['’]s| is) (?:fine|ok|okay|good|all|it\b|enough|great|clear|nothing)"
    r"|(?:it|that|this)(?:['’]s| is) not (?:important|what|enough|clear|helpful|(?:the|my) (?:question|point))"
    r"|we(?:['’]re| are| need| want)\b",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"\b(?:is|are|was|were|isn['’]t|aren['’]t|costs?|takes?|has|have|must|may|can|cannot|can['’]t|needs?|opens?|closes?"
    r"|pays?|gets?|lasts?|starts?|begins?|ends?|comes?|goes|works?|applies|apply|belongs?|stays?|lives?|leaves?)\b"
    r"|\w['’](?:s|re)\b",
    re.IGNORECASE,
)

_OPENING_CHINESE = re.compile(
    r"(?:(?:不对|不是的?|错了?|不正确|不准确|说错了|你错了|答错了|这不对|这是错的|更正|纠正)[,，。.;；:：!！、\s]+"
    r"|(?:不对|错了|其实|实际上|事实上|更正)(?=应|是|要|得|有|\d|[^\s我]{1,12}是)[,，、:：\s]*"
    r"|(?:其实|实际上|事实上)[,，、:：\s]*)+"
)
_ASKS_CHINESE = re.compile(
    r"[吗呢么嘛吧]\s*$|什么|多少|怎么|怎样|如何|哪|谁|几[天个点时次岁年]|为何|是否|能不能|可不可以|是不是|有没有"
)
_NO_CLAIM_CHINESE = re.compile(
    r"我(?:是说|想|要|问|指|的意思|说的)|请|帮|告诉|给我|算了|没事|谢|没关系"
    r"|(?:这|这个)?(?:不对|错了?|不正确)[。.!！]?$"
)
_STATES_CHINESE = re.compile(r"是|应该|要|需|可以|不能|有|在|为")


def claim(text: str) -> str | None:
    """What a text holds against the answer before it, without the "no"; None for questions and everything else."""
    text = text.strip()
    if len(text) > LONGEST or text.endswith(("?", "？")):
        return None
    return _chinese(text) if is_chinese(text) else _english(text)


def _english(text: str) -> str | None:
    opening = _OPENING.match(text)
    if opening is not None:
        said = _HEDGE.sub("", text[opening.end() :].strip(), count=1)
    elif _INSIDE.match(text):
        said = _INSIDE.sub(r"\1", text, count=1)
    else:
        said = text if _CONTRAST.search(text) and len(values(text)) > 1 else ""
    if not said or _NO_CLAIM.match(said) or _NOTHING_MORE.fullmatch(said):
        return None
    return said if values(said) or (_STATES.search(said) and len(said.split()) > 2) else None


def _chinese(text: str) -> str | None:
    opening = _OPENING_CHINESE.match(text)
    said = text[opening.end() :] if opening else text if _CONTRAST.search(text) and len(values(text)) > 1 else ""
    if not said or _ASKS_CHINESE.search(said) or _NO_CLAIM_CHINESE.match(said):
        return None
    return said if values(said) or _STATES_CHINESE.search(said) else None


# --- the answer as it would be ----------------------------------------------------------------------------------------

_OTHER = re.compile(
    r"[,，]?\s*(?:and |but )?(?:not|instead of|rather than|不是|而不是) ?(?P<value>.+?)(?=[,，;；.。]|$|是)",
    re.IGNORECASE,
)
_SAYS_NO_MORE = {*content_words("actually really now currently only instead answer cost"), "应该", "现在", "其实"}


def amended(answer: str, question: str, said: str) -> str:
    """The answer with its one matching value replaced by that of `said`, where there is no doubt which one is meant:
    `said` has one value, and speaks of nothing but what question and answer do. Otherwise `said`, as a sentence.
    """
    other = _OTHER.search(said)
    old = next(iter(values(other["value"])), None) if other else None
    rest = said[: other.start()] + said[other.end() :] if other and old else said
    told = values(rest)
    is_in_one_language = is_chinese(answer) == is_chinese(said)
    if is_in_one_language and len(told) == 1 and _is_about(rest, told[0], f"{question} {answer}"):
        replaced = put(told[0], answer, instead_of=old)
        if replaced is not None:
            return replaced
    return _sentence(said)


def _is_about(said: str, value: Value, spoken_of: str) -> bool:
    around = f"{said[: value.start]} {said[value.end :]}"
    return set(content_words(around)) <= {*content_words(spoken_of), *_SAYS_NO_MORE}


def _sentence(said: str) -> str:
    words = said[0].upper() + said[1:]
    if words.endswith((".", "!", "。", "！")):
        return words
    return words + ("。" if is_chinese(words) else ".")
