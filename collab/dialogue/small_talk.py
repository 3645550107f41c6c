"""Small talk: what asks for nothing, and what kind of it, so that the product answers in its own words.

It knows which words ask for nothing, and none of those that answer them.
"""

import re

_ITEM = (
    r"hi|hello|hey|good (?:morning|afternoon|evening|day)|(?:many )?thanks?|thank you|thx|bye|goodbye|see you|cheers"
    r"|ok(?:ay)?|great|perfect|good|nice|cool|all ?right|got it|i see|understood|never ?mind|yes|yep|yeah|nothing"
    r"|(?:that|this|it) (?:really )?(?:helped|helps|works|worked|was (?:very )?helpful)|(?:very|so) helpful"
    r"|(?:that|this)(?:['’]?s| is| was) (?:all|it|fine|ok(?:ay)?|great|good|perfect|helpful|clear)"
    r"|how are you|who are you|what can you do"
)
_REST = (
    r"there|all|everyone|again|so much|very much|a lot|for (?:your|the) (?:help|answer)|for (?:that|this)|you too"
    r"|now|then|i need(?:ed)?"
)
_ITEM_CHINESE = (
    "你好|您好|嗨|早上好|晚上好|谢谢(?:你|您)?|多谢|再见|拜拜|好的|不用了?|不了|没事|知道了|明白了?|你是谁|你能做什么"
)
_SMALL_TALK = re.compile(
    rf"(?:no[ ,.!]+)?(?:(?:{_ITEM})(?![\w'’])(?:[ ,!.]+(?:{_REST})(?![\w'’]))*[ ,!.?]*)+"
    rf"|(?:(?:{_ITEM_CHINESE})[呀啊吗呢了!,。！？， ]*)+",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"(?:(?:no|nope|nah|sorry|well|hm+)\b[\s,.!…]*)?"
    r"(?:(?:(?:that|this|it|the answer|your answer)(?:['’]s| is| was) |you(?:['’]re| are) |all )?"
    r"(?:wrong|incorrect|false|mistaken|not (?:right|correct|true))(?: answer)?"
    r"|(?:that|this|it) isn['’]t (?:right|correct|true)|(?<!\w)(?:no|nope|nah))[\s.!]*"
    r"|(?:这|这个)?(?:不对|错了?|不正确|答错了|你错了|不是?)[。.!！\s]*",
    re.IGNORECASE,
)
_KINDS = (
    ("about", re.compile(r"who are you|what can you do|你是谁|你能做什么", re.IGNORECASE)),
    ("how", re.compile(r"how are you", re.IGNORECASE)),
    ("thanks", re.compile(r"thank|thx|cheers|谢谢|多谢", re.IGNORECASE)),
    ("bye", re.compile(r"bye|see you|再见|拜拜", re.IGNORECASE)),
    (
        "hello",
        re.compile(r"\b(?:hi|hello|hey|morning|evening|day)\b|您?你?好[呀啊吗！!。 ]*$|嗨|早上|晚上", re.IGNORECASE),
    ),
)


def is_small_talk(text: str) -> bool:
    """Whether it asks for nothing that documents could tell; an answer is only called wrong, without saying why."""
    return any(pattern.fullmatch(text.strip()) for pattern in (_SMALL_TALK, _WRONG))


def kind(text: str) -> str:
    """`wrong`, `about`, `how`, `thanks`, `bye`, `hello`, or `fine` for what asks for nothing at all."""
    if _WRONG.fullmatch(text.strip()):
        return "wrong"
    return next((name for name, pattern in _KINDS if pattern.search(text)), "fine")
