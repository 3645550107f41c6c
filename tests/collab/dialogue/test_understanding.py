"""Understanding: follow-ups are resolved by quoting; small talk and tasks are told apart from questions."""

import pytest

from collab.dialogue.understanding import EARLIER_CHARS, Exchange, Intent, read

CLOTHES = Exchange("How long can I return clothes?", "Within 45 days.", is_follow_up=False)


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
        "What does it cost per day?",
        "Does it come with a bag and a lock?",
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
        "How much does it cost to return shoes?",
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


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("No, I meant shoes", "shoes"),
        ("Sorry, I was asking about the red shoes.", "the red shoes."),
        ("I meant for shoes", "for shoes"),
        ("不是，我是说鞋子", "鞋子"),
    ],
)
def test_who_meant_another_thing_follows_up_with_that(text: str, focus: str) -> None:
    understood = read(text, [CLOTHES])
    assert (understood.standalone, understood.focus) == (f"How long can I return clothes? {focus}", focus)


def test_what_was_meant_is_quoted_without_the_no() -> None:
    chain = [CLOTHES, Exchange("No, I meant shoes", "", True)]
    assert read("Are they free?", chain).standalone == "How long can I return clothes? shoes? Are they free?"


def test_without_history_nothing_is_a_follow_up() -> None:
    assert not read("and for shoes?").is_follow_up


def test_a_chain_keeps_the_question_that_opened_the_subject() -> None:
    chain = [Exchange("Where is the shop?", "", False), CLOTHES, Exchange("Do they need a label?", "", True)]
    asked = "How long can I return clothes? Do they need a label? and hats?"
    assert read("and hats?", chain).standalone == asked


def test_a_long_chain_keeps_its_start_and_its_end() -> None:
    chain = [CLOTHES, *(Exchange(f"Is it more than {n}?", "", True) for n in range(5))]
    asked = "How long can I return clothes? Is it more than 3? Is it more than 4? and hats?"
    assert read("and hats?", chain).standalone == asked


@pytest.mark.parametrize(
    ("earlier", "text", "quoted"),
    [
        ("And for shoes?", "What about hats?", ""),
        ("And socks, too?", "for hats?", ""),
        ("from Canada?", "and to Norway?", ""),
        ("From Canada?", "and hats?", "From Canada? "),
        ("What if they are wet?", "and hats?", "What if they are wet? "),
        ("那鞋子呢？", "那帽子呢？", ""),
        ("那要多少钱？", "那帽子呢？", "那要多少钱？ "),
    ],
)
def test_a_bare_phrase_takes_the_place_of_an_earlier_one(earlier: str, text: str, quoted: str) -> None:
    chain = [CLOTHES, Exchange(earlier, "", True)]
    assert read(text, chain).standalone == f"How long can I return clothes? {quoted}{text}"


def test_the_subject_survives_a_follow_up_that_found_nothing() -> None:
    lost = Exchange("Do they need a passport?", "", True, is_answered=False)
    assert read("Are they insured?", [CLOTHES, lost]).standalone == "How long can I return clothes? Are they insured?"
    first = Exchange("How long can I return clothes?", "", False, is_answered=False)
    assert read("and hats?", [first]).standalone == "How long can I return clothes? and hats?"


def test_what_is_quoted_is_bounded() -> None:
    understood = read("and hats?", [Exchange("x" * 8_000, "", False)])
    assert len(understood.standalone) <= EARLIER_CHARS + len("? and hats?")


def test_small_talk() -> None:
    assert read("Thanks, that helped!", [CLOTHES]).intent is Intent.SMALL_TALK


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what does it cost per day?", True),
        ("How heavy are they?", True),
        ("What color is this?", True),
        ("它每天多少钱？", True),
        ("How much is it for students?", False),
        ("When does it open?", False),
        ("And for shoes?", False),
        ("How much is entry?", False),
    ],
)
def test_what_is_asked_of_nothing_that_was_named_is_unclear(text: str, expected: bool) -> None:
    assert read(text).is_unclear is expected
    assert not read(text, [CLOTHES]).is_unclear


def test_the_name_that_was_lacking_follows_up() -> None:
    unclear = Exchange("What does it cost per day?", "What do you mean?", False, is_answered=False)
    assert read("The Blue Heron", [unclear]).standalone == "What does it cost per day? The Blue Heron"
    assert read("How heavy is it?", [unclear]).is_unclear
    assert not read("Where is the shop?", [unclear]).is_follow_up
    assert not read("The Blue Heron", [CLOTHES]).is_follow_up


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is the price?", True),
        ("Price per day?", True),
        ("How much is the fee?", True),
        ("How heavy?", True),
        ("价格是多少？", True),
        ("What is the price of the Heron?", False),
        ("When?", False),
    ],
)
def test_a_measure_of_nothing_that_was_named_begins_a_conversation(text: str, expected: bool) -> None:
    assert read(text).names_nothing is expected
    assert not read(text, [CLOTHES]).names_nothing
    unclear = Exchange(text, "What do you mean?", False, is_answered=False)
    assert read("The Blue Heron", [unclear]).is_follow_up is expected
