"""Paraphrases of a Chinese question and near misses of it, made by plain rules: candidates for a person to judge."""

import re
from collections.abc import Iterator, Sequence

from knowledge.scope.chinese import wording
from knowledge.scope.chinese.reading import Reading, plain, read
from knowledge.scope.forms import in_turn
from knowledge.text import chinese_words

_ALIKE = tuple(  # ways to ask that stand for each other in place
    tuple(group.split())
    for group in (
        "怎么办 怎么处理 该怎么办",
        "怎么 如何 怎样",
        "几天 多少天",
        "几个小时 多少小时",
        "几个月 多少个月",
        "几年 多少年",
        "多久 多长时间 多少时间",
        "什么时候 何时 啥时候",
        "几点 什么时候",
        "几号 哪天",
        "在哪里 在哪儿 在什么地方",
        "哪里 哪儿 什么地方",
        "为什么 为何",
        "什么 哪些",
    )
)
_MAY = re.compile(r"(?P<before>.*?)(?P<modal>可以|能够|能|允许)(?P<what>.+?)[吗嘛]")
_MAY_OR_NOT = re.compile(r"(?P<before>.*?)(?P<modal>能不能|可不可以|是否可以|能否|可否)(?P<what>.+)")
_DOES = re.compile("(?P<before>.*?)(?P<what>(?:支持|提供|接受|包括|包含|收取).+?)[吗嘛]")
_DOING = ("{0}是否{1}",)
_HAVE = re.compile(r"(?P<before>.*?)(?P<modal>有没有|有)(?P<what>.+?)[吗嘛]?")
_MUST = re.compile(r"(?P<before>.*?)(?P<modal>需不需要|要不要|是否需要|需要|要)(?P<what>.+?)[吗嘛]?")
_WHETHER = ("{0}能不能{1}", "{0}可以{1}吗", "{0}可不可以{1}", "{0}是否可以{1}", "{0}能{1}吗")
_HAVING = ("{0}有没有{1}", "{0}有{1}吗", "{0}是否有{1}")
_NEEDING = ("{0}需不需要{1}", "{0}需要{1}吗", "{0}要不要{1}", "{0}是否需要{1}")
_WAYS = ((_MAY, _WHETHER), (_MAY_OR_NOT, _WHETHER), (_DOES, _DOING), (_HAVE, _HAVING), (_MUST, _NEEDING))
_WHETHER_WORDS = wording.listed("能不能 可不可以 是否可以 能否 可否 有没有 需不需要 要不要 是否需要")
_OPENINGS = ("请问", "你好，", "我想知道", "麻烦问一下，", "想问一下，")
_PRICED = re.compile("(?P<what>.+?)(?:要|是)?多少钱|(?P<of>.+?)的?价格(?:是多少)?")
_EACH_PRICED = re.compile("(?P<what>.+?)多少钱(?P<one>一.)")
_PLACED = re.compile("(?P<what>.+?)在(?:哪里|哪儿|什么地方)")
_TIMED = re.compile("(?P<what>.+?)(?P<ask>几点|什么时候)(?P<done>开门|关门|开始|结束|营业|出发|到达)")
_HOW_TO = re.compile("(?P<how>怎么|如何|怎样)(?P<done>[\u4e00-\u9fff]{2})(?P<what>[\u4e00-\u9fffA-Za-z]{2,6})")
_BEFORE_TIME, _AFTER_TIME = re.compile(".*[^的在从到自于每上下前后]"), re.compile("(?![的前后之以到至]).+")
_IS = re.compile("是(?=多|几)")
_OF = re.compile("(?<![目有真确])的(?=[\u4e00-\u9fff]{2})(?!士|确|话)")
_FIXED = re.compile("怎么(?:办(?!理)|样|处理)|什么(?:时|地|价|样|人)|为什么")  # stays whole
_ASKED_IN_PLACE = re.compile("怎么(?!样|办$)|如何|怎样|什么时候|几点(?!到)|在哪里(?=.)")
_OTHERWISE = ("什么时候", "在哪里", "为什么", "怎么")
_AFFIRMED = re.compile("(?<!不)(?:可以|能(?!不)|需要|有(?!没|效|关)|会(?!议|员)|允许)")
_NUMBER = re.compile(r"\d+|[二两三四五六七八九](?=[个位名只台张件条本份种辆间天月年岁元块次楼层周])")
_NEXT = dict(zip("二两三四五六七八九", ("三", "三", "四", "五", "六", "七", "八", "九", "十"), strict=True))
_TIMES = tuple(
    tuple(group.split())
    for group in (
        "周一 周二 周三 周四 周五 周六 周日",
        "周末 工作日 节假日",
        "早上 晚上",
        "上午 下午",
        "今天 明天",
        "今年 明年",
        "上月 下月 本月",
        "春天 夏天 秋天 冬天",
        "春节 国庆 元旦",
        "寒假 暑假",
    )
)
_TIME = re.compile("|".join(sorted(wording.TIMES, key=len, reverse=True)))
_PLACE = re.compile("|".join(sorted(wording.PLACES, key=len, reverse=True)))
_NARROWING = ("明年", "节假日", "周末", "儿童", "团体")


def paraphrases(question: str) -> Iterator[str]:
    """Other ways to ask the same: one of each shape first, and those with a polite opening last. None asks for another
    kind of answer, nor for a finer one: 几点 is not 什么时候.
    """
    text = _bare(question)
    shapes = (_whether(text), _asked_alike(text), _by_noun(text), _turned(text), _same_times(text), _synonyms(text))
    asked, said = read(text), {plain(text)}
    for other in in_turn([*shapes, iter((_OF.sub("", text), _asked(_IS.sub("", text))))]):
        if plain(other) not in said and _asks_the_same(read(other), asked):
            said.add(plain(other))
            yield other
    yield from (_asked(opening + text) for opening in _OPENINGS)


def _asks_the_same(text: Reading, question: Reading) -> bool:
    return (text.kind, text.also) == (question.kind, question.also) and text.fine in ("", question.fine)


def near_misses(question: str, neighbours: Sequence[str] = ()) -> Iterator[str]:
    """Questions that look alike and ask something else; one of each sort first."""
    text = _bare(question)
    sorts = [
        _other_numbers(text),
        _other_times(text),
        _other_places(text),
        _opposites(text),
        _negated(text),
        _asked_otherwise(text),
        iter(neighbours),
        (_asked(narrowing + text) for narrowing in _NARROWING if not read(text).times),
    ]
    yield from in_turn(sorts)


def _bare(question: str) -> str:
    """The question without politeness and the mark at its end; latin letters as they were written."""
    stripped = question.strip().rstrip("？?。.！! ")
    return stripped if plain(stripped) == stripped.casefold() else plain(stripped)


def _asked(text: str) -> str:
    return f"{text}？"


def _whether(text: str) -> Iterator[str]:
    """Whether or not, may, have and must, in their several forms."""
    for pattern, forms in _WAYS:
        found = pattern.fullmatch(text)
        if found and (text[-1] in "吗嘛" or found["modal"] in _WHETHER_WORDS):
            yield from (_asked(form.format(found["before"], found["what"])) for form in forms)
            return


def _asked_alike(text: str) -> Iterator[str]:
    """Another word that asks, in its place."""
    for ways in _ALIKE:
        found = next((way for way in ways if way in text), None)
        is_fixed = _FIXED.search(text) if found in ("怎么", "什么") else found == "怎么办" and "怎么办理" in text
        if found and not is_fixed:
            yield from (_asked(text.replace(found, way, 1)) for way in ways if way != found)


def _by_noun(text: str) -> Iterator[str]:
    """What is asked for by a noun, and without one."""
    if found := _PRICED.fullmatch(text):
        what = found["what"] or found["of"]
        yield from (f"{what}的价格", _asked(f"{what}多少钱"), _asked(f"{what}的价格是多少"))
    if found := _PLACED.fullmatch(text):
        yield f"{found['what']}的位置"
    if found := _TIMED.fullmatch(text):
        yield _asked(f"{found['what']}的{found['done']}时间是{found['ask']}")


def _turned(text: str) -> Iterator[str]:
    """When it is stands first; what is to be done stands last."""
    if found := _TIME.search(text):
        before, after = text[: found.start()], text[found.end() :]
        if _BEFORE_TIME.fullmatch(before) and _AFTER_TIME.fullmatch(after):
            yield _asked(found[0] + before + after)
    if found := _EACH_PRICED.fullmatch(text):
        yield _asked(found["what"] + found["one"] + "多少钱")
    if (found := _HOW_TO.fullmatch(text)) and len(found["done"]) == len(chinese_words(found["done"])[0]):
        yield _asked(found["what"] + found["how"] + found["done"])


def _same_times(text: str) -> Iterator[str]:
    if found := _TIME.search(text):
        same = (form for form, stands_for in wording.TIMES.items() if stands_for == wording.TIMES[found[0]])
        yield from (_asked(text.replace(found[0], form, 1)) for form in same if form != found[0])


def _synonyms(text: str) -> Iterator[str]:
    for stands_for, written in read(text).words.items():
        if stands_for in wording.SYNONYMS and len(written) > 1 and written in text:
            same = [form for form, first in wording.SYNONYMS.items() if first == stands_for and len(form) > 1]
            near = (form for form in same[:3] if written not in form and abs(len(form) - len(written)) < 2)
            yield from (_asked(text.replace(written, form, 1)) for form in near)


def _other_numbers(text: str) -> Iterator[str]:
    if found := _NUMBER.search(text):
        other = str(int(found[0]) + 1) if found[0].isdigit() else _NEXT[found[0]]
        yield _asked(text[: found.start()] + other + text[found.end() :])


def _other_times(text: str) -> Iterator[str]:
    if found := _TIME.search(text):
        stands_for = wording.TIMES[found[0]]
        others = next((times for times in _TIMES if stands_for in times), ())
        yield from (_asked(text.replace(found[0], other, 1)) for other in others if other != stands_for)


def _other_places(text: str) -> Iterator[str]:
    if found := _PLACE.search(text):
        yield from (_asked(text.replace(found[0], other, 1)) for other in ("美国", "上海") if other != found[0])


def _opposites(text: str) -> Iterator[str]:
    for stands_for, written in read(text).words.items():
        for one, other in sorted(wording.OPPOSITES):
            if stands_for in (one, other) and written in text:
                opposite = (other if stands_for == one else one).removeprefix("之" if len(written) == 1 else "")
                if len(opposite) == len(written):
                    yield _asked(text.replace(written, opposite, 1))


def _negated(text: str) -> Iterator[str]:
    if "吗" in text and not read(text).negated and (found := _AFFIRMED.search(text)):
        negation = "没有" if found[0] == "有" else f"不{found[0]}"
        yield _asked(text[: found.start()] + negation + text[found.end() :])


def _asked_otherwise(text: str) -> Iterator[str]:
    """Another attribute of the same thing: when, where or why in place of how; how in place of whether."""
    if found := _ASKED_IN_PLACE.search(text):
        yield from (_asked(text.replace(found[0], other, 1)) for other in _OTHERWISE if other != found[0])
    elif found := _MAY.fullmatch(text) or _MAY_OR_NOT.fullmatch(text):
        yield _asked(f"{found['before']}怎么{found['what']}")
        yield _asked(f"{found['before']}什么时候可以{found['what']}")
    elif any(ask in text for ask in ("几天", "多久", "多长时间")):
        yield _asked(re.sub("几天|多久|多长时间", "多少钱", text, count=1))
    elif text.endswith("多少钱"):
        yield _asked(text.removesuffix("多少钱").rstrip("要") + "在哪里买")
