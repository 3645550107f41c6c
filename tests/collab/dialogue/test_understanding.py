"""Understanding: follow-ups are resolved by quoting; small talk and tasks are told apart from questions."""

import pytest

from collab.dialogue.understanding import EARLIER_CHARS, Exchange, Intent, read

CLOTHES = Exchange("How long can I return clothes?", "Within 45 days.", is_follow_up=False)
SHOES = Exchange("And for shoes?", "Within 30 days.", is_follow_up=True)


@pytest.mark.parametrize(
    "text",
    [
        "and for shoes?",
        "What about shoes?",
        "for shoes?",
        "Without a receipt?",
        "Can I return them?",
        "How long does it take?",
        "why?",
        "Then without a receipt?",
        "So in Canada?",
        "And is there a fee?",
        "Is it free?",
        "Do they need their box?",
        "它要多少钱？",
        "那鞋子呢？",
    ],
)
def test_follow_ups_quote_the_earlier_question(text: str) -> None:
    understood = read(text, [CLOTHES])
    assert understood.is_follow_up
    assert understood.standalone == f"How long can I return clothes? {text}"
    assert understood.focus == text


@pytest.mark.parametrize(
    "text",
    [
        "How much is shipping to Canada?",
        "Is it possible to return shoes bought abroad?",
        "How long does it take to ship a parcel to Canada?",
        "Where can I change my password?",
        "Which tent fits four people?",
        "运费是多少？",
        "Is there parking?",
        "Are there lockers?",
        "Is there a student discount?",
        "In Rotterdam, when do you open?",
        "So how do I reset my password?",
        "Then how can I pay my invoice?",
    ],
)
def test_questions_that_stand_alone_are_left_alone(text: str) -> None:
    assert read(text, [CLOTHES]).standalone == text


@pytest.mark.parametrize(
    ("question", "text", "standalone"),
    [
        ("How much is shipping to Germany?", "And from the UK?", "How much is shipping? And from the UK?"),
        ("Is the shop in Ghent open on Sundays?", "And on Mondays?", "Is the shop in Ghent open? And on Mondays?"),
        ("How much is a ticket for adults?", "for children?", "How much is a ticket? for children?"),
        ("How do I ship from Lille to Rome?", "And to Oslo?", "How do I ship from Lille? And to Oslo?"),
        ("How long can I return clothes?", "For shoes?", "How long can I return clothes? For shoes?"),
        (
            "Is entry free for pupils?",
            "And what is it for adults?",
            "Is entry free for pupils? And what is it for adults?",
        ),
    ],
)
def test_what_a_follow_up_replaces_is_not_quoted(question: str, text: str, standalone: str) -> None:
    assert read(text, [Exchange(question, "", False)]).standalone == standalone


def test_without_history_nothing_is_a_follow_up() -> None:
    assert not read("and for shoes?").is_follow_up


def test_a_chain_keeps_the_question_that_opened_the_subject() -> None:
    chain = [Exchange("Where is the shop?", "", False), CLOTHES, SHOES]
    assert read("and hats?", chain).standalone == "How long can I return clothes? And for shoes? and hats?"


def test_a_long_chain_keeps_its_start_and_its_end() -> None:
    chain = [CLOTHES, *(Exchange(f"and number {n}?", "", True) for n in range(5))]
    assert read("and hats?", chain).standalone == "How long can I return clothes? and number 3? and number 4? and hats?"


def test_what_is_quoted_is_bounded() -> None:
    understood = read("and hats?", [Exchange("x" * 8_000, "", False)])
    assert len(understood.standalone) <= EARLIER_CHARS + len("? and hats?")


@pytest.mark.parametrize("text", ["Hello!", "hi there", "Thank you so much!", "Thanks, bye", "你好", "谢谢！"])
def test_small_talk(text: str) -> None:
    assert read(text, [CLOTHES]).intent is Intent.SMALL_TALK


@pytest.mark.parametrize("text", ["Write a short note to a customer", "please translate this: hello", "帮我写一封邮件"])
def test_tasks(text: str) -> None:
    assert read(text).intent is Intent.TASK


@pytest.mark.parametrize(
    "text", ["Hello, can I return shoes?", "Who are you shipping with?", "How do I write a review?"]
)
def test_questions(text: str) -> None:
    assert read(text).intent is Intent.QUESTION


def test_language() -> None:
    assert (read("运费是多少？").language, read("How much is shipping?").language) == ("zh", "en")
