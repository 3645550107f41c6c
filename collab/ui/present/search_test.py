"""The search test as markup: a question, and what each stage finds for it, each score a word with its number."""

from collections.abc import Callable, Sequence

from collab.dialogue.rehearsal import Rehearsed
from collab.texts import Texts
from collab.ui.present.html import button, tag, text
from knowledge.evidence import Found

_NEAR, _SOME = 0.6, 0.35  # cosines of one English sentence to another
_STRONG, _FAIR = 0.75, 0.4  # shares of the best score there can be, or was
_SURE = 0.8


def search_test(t: Texts, question: str, tried: Rehearsed | None) -> str:
    """The field, and under it the answer first, then the stages in the order in which they are gone through."""
    back = button(t("knowledge.back"), drawing="arrow-left", class_="link", data_go="knowledge", data_testid="back")
    head = tag("h1", text(t("knowledge.try")), class_="room-title") + tag("p", text(t("try.hint")), class_="quiet")
    return tag(
        "section",
        back + head + _form(t, question) + (_tried(t, tried) if tried else ""),
        class_="room-page trial",
        data_testid="search-test",
    )


def _form(t: Texts, question: str) -> str:
    field = (
        f'<input type="text" name="question" dir="auto" maxlength="8000" value="{text(question)}"'
        f' aria-label="{text(t("try.label"))}" placeholder="{text(t("try.label"))}" data-testid="try-question">'
    )
    go = tag("button", tag("span", text(t("try.run"))), type="submit", class_="primary", data_testid="try-run")
    return tag("form", field + go, class_="try-form", data_try=True)


def _tried(t: Texts, tried: Rehearsed) -> str:
    stages = tried.stages
    facts = [t("try.searched", count=stages.searched)]
    if tried.standalone != tried.question:
        facts.append(t("try.standalone", question=tried.standalone))
    parts = [tag("p", text(" · ".join(facts)), class_="quiet"), _stage(t, "answer", _answer(t, tried))]
    if tried.is_small_talk:
        return "".join(parts)
    best = max((one.keyword or 0 for one in stages.by_words), default=0)
    meaning = _list(t, stages.by_meaning, lambda one: _score(t, one.dense or 0, _NEAR, _SOME))
    if not stages.is_readable:
        meaning = tag("p", text(t("try.meaning.none")), class_="quiet")
    parts += [
        _stage(t, "corrections", _corrections(t, tried)),
        _stage(t, "meaning", meaning),
        _stage(
            t,
            "words",
            _list(t, stages.by_words, lambda one: _score(t, one.keyword or 0, _STRONG * best, _FAIR * best)),
        ),
        _stage(t, "fused", _list(t, stages.fused, lambda one: _score(t, one.score, 2 * _STRONG, 2 * _FAIR))),
        _stage(t, "sentences", _sentences(t, tried)),
    ]
    return "".join(parts)


def _stage(t: Texts, name: str, content: str) -> str:
    return tag("section", tag("h2", text(t(f"try.{name}"))) + content, class_="stage", data_testid=f"stage-{name}")


def _answer(t: Texts, tried: Rehearsed) -> str:
    answer = tried.stages.answer
    if tried.is_small_talk:
        return tag("p", text(t("try.small_talk")))
    if tried.applies and tried.correction:
        said, words, badge = (
            t("try.corrected", name=tried.correction.author),
            [tried.correction.answer or ""],
            "corrected",
        )
        likelihood = tried.likelihood
    elif answer.is_answered:
        said, words, badge = t("try.grounded"), [quote.text for quote in answer.quotes], "grounded"
        likelihood = answer.confidence
    else:
        said, words, badge, likelihood = t("try.not_found"), [], "not_found", answer.confidence
    sure = t(f"sure.{_level(likelihood, _SURE, 0.5)}")
    line = tag("span", text(t(f"badge.{badge}")), class_=f"badge {badge}") + tag(
        "span", text(f"{sure} ({likelihood:.2f}) · {said}"), class_="quiet"
    )
    quotes = "".join(tag("blockquote", text(one), dir="auto") for one in words)
    return tag("div", line, class_="row") + quotes


def _corrections(t: Texts, tried: Rehearsed) -> str:
    known = tried.correction
    if known is None:
        said = t("try.corrections.none")
    else:
        said = t(f"try.corrections.{'applies' if tried.applies else 'suggested'}", name=known.author)
    reasons = "".join(tag("li", text(t(reason))) for reason in tried.reasons if t.has(reason))
    question = tag("p", text(known.question), class_="asked", dir="auto") if known and known.question else ""
    words = tag("blockquote", text(known.answer), dir="auto") if known and known.answer else ""
    told = tag("p", text(said)) + question + words + (tag("ul", reasons, class_="reasons-told") if reasons else "")
    return told + _considered(t, tried)


def _considered(t: Texts, tried: Rehearsed) -> str:
    """The corrections that were thought of beside it: how probable each was, and what spoke for or against it."""
    if not tried.considered:
        return ""
    items = "".join(
        tag(
            "li",
            tag("p", text(known.question or ""), class_="asked", dir="auto")
            + tag("p", text(known.answer or ""), class_="snippet", dir="auto")
            + tag("p", f"{text(known.author)} · {_score(t, one.probability, _SURE, 0.5)}", class_="quiet")
            + "".join(tag("p", text(t(reason)), class_="quiet") for reason in one.reasons if t.has(reason)),
            data_testid="considered",
        )
        for known, one in tried.considered
    )
    return tag("h3", text(t("try.considered"))) + tag("ol", items)


def _sentences(t: Texts, tried: Rehearsed) -> str:
    answer = tried.stages.answer
    items = "".join(
        tag(
            "li",
            tag("p", text(quote.text), dir="auto")
            + tag(
                "p",
                text(answer.passages[quote.passage_id].document)
                + (" · " + _score(t, quote.cosine, _NEAR, _SOME) if quote.cosine is not None else ""),
                class_="quiet",
            ),
        )
        for quote in answer.quotes
    )
    return tag("ol", items) if items else _nothing(t)


def _list(t: Texts, found: Sequence[Found], score: Callable[[Found], str]) -> str:
    items = "".join(_found(t, one, score(one)) for one in found)
    return tag("ol", items) if items else _nothing(t)


def _found(t: Texts, one: Found, score: str) -> str:
    passage = one.passage
    place = button(passage.document, drawing="page", class_="link", aria_label=t("passage.open"),
                   data_act="knowledge.open", data_document=passage.document_id,
                   data_testid="open-found")  # fmt: skip
    about = " · ".join(filter(None, (text(passage.heading), score)))
    return tag(
        "li",
        tag("div", place + tag("span", about, class_="quiet"), class_="row")
        + tag("p", text(passage.text), class_="snippet", dir="auto"),
        data_testid="found",
    )


def _score(t: Texts, value: float, high: float, middle: float) -> str:
    """The word, then the number."""
    return text(f"{t(f'score.{_level(value, high, middle)}')} ({value:.2f})")


def _level(value: float, high: float, middle: float) -> str:
    return "high" if value >= high else "middle" if value >= middle else "low"


def _nothing(t: Texts) -> str:
    return tag("p", text(t("try.nothing")), class_="quiet")
