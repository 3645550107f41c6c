"""Objections are told apart from questions, and put into the answer where there is no doubt where they belong."""

import pytest

from collab.dialogue.objections import amended, claim


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("No, it's 45 days", "it's 45 days"),
        ("No, it's 45 days.", "it's 45 days."),
        ("no it is 45 days", "it is 45 days"),
        ("Nope. 45 days.", "45 days."),
        ("That's wrong, the fee is 3 euros", "the fee is 3 euros"),
        ("That’s not right: the fee is 3 euros.", "the fee is 3 euros."),
        ("That is wrong. The fee is 3 euros.", "The fee is 3 euros."),
        ("Wrong! They open at 9:00.", "They open at 9:00."),
        ("Actually 45 days", "45 days"),
        ("Actually, it's 45 days", "it's 45 days"),
        ("actually the desk is on the second floor", "the desk is on the second floor"),
        ("It's actually 45 days", "it's 45 days"),
        ("No, that's wrong, it is 45 days", "it is 45 days"),
        ("Sorry, no: it's 45 days, not 30", "it's 45 days, not 30"),
        ("It's 45 days, not 30", "It's 45 days, not 30"),
        ("No, I think it's 45 days", "it's 45 days"),
        ("You're wrong, we close on Tuesday", "we close on Tuesday"),
        ("No, students must show a card", "students must show a card"),
        ("不对，是45天", "是45天"),
        ("不对,是45天", "是45天"),
        ("不是，费用是3欧元。", "费用是3欧元。"),
        ("错了，应该是45天", "应该是45天"),
        ("其实是45天", "是45天"),
        ("不是30天，是45天", "不是30天，是45天"),
    ],
)
def test_what_is_said_against_an_answer(text: str, said: str) -> None:
    assert (claim(text) or "").casefold() == said.casefold()


@pytest.mark.parametrize(
    "text",
    [
        "No, I meant shoes?",
        "No, I meant shoes",
        "No, I asked about 2024",
        "No, for 3 people",
        "No, shoes",
        "No",
        "No.",
        "No thanks",
        "No, that is wrong.",
        "No that is not the question",
        "No, that is not my question",
        "Actually 3 tickets, please",
        "Actually we are 3 people",
        "不对，这个错了",
        "No, thank you, that's all",
        "No, it's fine",
        "That's wrong",
        "That's not what I asked",
        "Actually, how much is it for 3 people",
        "Actually, tell me about the 3 euro coin",
        "No, what if I have 2 bags",
        "Is it 45 days?",
        "No, is it 45 days?",
        "It's 45 days?",
        "It's 45 days",
        "No parking is allowed",
        "No dogs in the 2 halls",
        "Nobody pays 3 euros",
        "Notes for 3 people",
        "How many days, not weeks, do I have",
        "Write it in 3 sentences",
        "No, write it in 3 sentences",
        "No, please use 3 sentences",
        "Actual price of 3 tickets",
        "Wrong size of 2 shoes, can I return them",
        "不对吗",
        "不是有学生票吗？",
        "不对，我想问鞋子",
        "不对，鞋子呢",
        "其实我要3张票",
        "不对，是多少天",
        "不是所有人都付3欧元",
        "No, " + "it is 45 days " * 50,
    ],
)
def test_what_is_none(text: str) -> None:
    assert claim(text) is None


ANSWER = "You can return clothes within 30 days."
ASKED = "How long can I return clothes?"


@pytest.mark.parametrize(
    ("answer", "said", "then"),
    [
        (ANSWER, "it's 45 days", "You can return clothes within 45 days."),
        (ANSWER, "45 days.", "You can return clothes within 45 days."),
        (ANSWER, "it's 45", "You can return clothes within 45 days."),
        (ANSWER, "it is 6 weeks", "You can return clothes within 6 weeks."),
        (ANSWER, "you can return clothes for 45 days", "You can return clothes within 45 days."),
        ("It is 1 day.", "it's 45 days", "It is 45 days."),
        ("There is a 30-day limit.", "it's 45 days", "There is a 45-day limit."),
        ("A card costs 5 euros.", "the card is 3 euros", "A card costs 3 euros."),
        ("A card costs €5.", "it's €3.50", "A card costs €3.50."),
        ("A card costs 5 dollars.", "it's 3 euros", "A card costs 3 euros."),
        ("We close on Monday.", "it's Tuesday", "We close on Tuesday."),
        ("We open at 10:00.", "it's 9:30", "We open at 9:30."),
        ("It ends on 5 May.", "it's 12 June", "It ends on 12 June."),
        ("You get two tickets.", "it's three tickets", "You get three tickets."),
        ("You get 10 % off.", "it's 15 %", "You get 15 % off."),
        ("Clothes 30 days, shoes 20 days.", "it's 45 days, not 30", "Clothes 45 days, shoes 20 days."),
        ("30 days. Yes, 30 days.", "it's 45 days", "45 days. Yes, 45 days."),
        ("30天内可以退货。", "是45天", "45天内可以退货。"),
        ("30天内可以退货，鞋子20天。", "不是30天，是45天", "45天内可以退货，鞋子20天。"),
        ("工本费是5欧元。", "费用是3欧元", "费用是3欧元。"),
    ],
)
def test_the_one_matching_value_is_replaced(answer: str, said: str, then: str) -> None:
    assert amended(answer, ASKED, said) == then


@pytest.mark.parametrize(
    ("answer", "said", "then"),
    [
        ("Clothes 30 days, shoes 20 days.", "it's 45 days", "It's 45 days."),
        (ANSWER, "it's 3 euros", "It's 3 euros."),
        (ANSWER, "the deposit is 45 days", "The deposit is 45 days."),
        (ANSWER, "it's 45 days or 60 days", "It's 45 days or 60 days."),
        (ANSWER, "it's 30 days", "It's 30 days."),
        (ANSWER, "it is at the desk.", "It is at the desk."),
        ("I found nothing about this.", "it's 45 days", "It's 45 days."),
        ("没有找到。", "是45天", "是45天。"),
    ],
)
def test_in_doubt_ones_own_sentence_is_the_answer(answer: str, said: str, then: str) -> None:
    assert amended(answer, ASKED, said) == then
