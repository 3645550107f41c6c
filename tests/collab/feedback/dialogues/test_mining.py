"""The question a customer had, and the reply that answered it."""

import pytest

from collab.feedback.dialogues.messages import Message
from collab.feedback.dialogues.mining import Lacking, Pair, mine


def told(*lines: tuple[str, str]) -> list[Message]:
    return [Message(number, speaker, text, "") for number, (speaker, text) in enumerate(lines, start=2)]


def test_greetings_are_passed_over_and_the_answer_found() -> None:
    pair = mine(
        told(
            ("Agent", "Hello, this is Bob from support. How can I help you today?"),
            ("Customer", "Hi Bob!"),
            ("Customer", "Can I return shoes that I have worn once?"),
            ("Agent", "Thanks for asking, Anna. Let me check that for you."),
            ("Agent", "Worn shoes can be returned within 41 days, as long as the soles are clean."),
            ("Customer", "Great, thank you!"),
            ("Agent", "You're welcome. Is there anything else?"),
        )
    )
    assert isinstance(pair, Pair)
    assert pair.number == 3
    assert pair.question == "Can I return shoes that I have worn once?"
    assert pair.reply == "Worn shoes can be returned within 41 days, as long as the soles are clean."


def test_a_question_back_is_no_answer() -> None:
    pair = mine(
        told(
            ("Customer", "How do I reset the coffee machine?"),
            ("Agent", "Which coffee machine do you have, the small one or the large one?"),
            ("Customer", "The large one."),
            ("Agent", "Hold both buttons of the machine for ten seconds to reset it."),
            ("Customer", "That worked"),
        )
    )
    assert isinstance(pair, Pair)
    assert pair.reply == "Hold both buttons of the machine for ten seconds to reset it."


def test_later_talk_about_something_else_does_not_win() -> None:
    pair = mine(
        told(
            ("client", "Where can I pick up my parcel?"),
            ("support", "You can pick up the parcel at the post office in Mill Lane from noon on."),
            ("client", "ok"),
            ("support", "By the way, we have new opening hours since the first of May, and a survey you might like."),
        )
    )
    assert isinstance(pair, Pair)
    assert pair.reply.startswith("You can pick up the parcel")


def test_people_are_masked_in_both() -> None:
    pair = mine(
        told(
            ("Anna Smith", "Hello, my name is Anna Smith. My mail anna@example.com gets no invoices, why?"),
            ("Agent", "Anna, I call you at +44 20 7946 0958: invoices for Ms Smith go to anna@example.org instead."),
        )
    )
    assert isinstance(pair, Pair)
    assert pair.question == "My mail [e-mail] gets no invoices, why?"
    assert pair.reply == "[name], I call you at [phone]: invoices for Ms [name] go to [e-mail] instead."


@pytest.mark.parametrize(
    ("customer", "agent", "reply"),
    [
        ("Anna Keller (customer)", "support: Maria Lopez", "Keys are with [name], in room 4, [name]."),
        ("customer: Anna", "Agent Maria Lopez", "Keys are with [name], in room 4, [name]."),
        ("Customer Anna", "Room (Support)", "Keys are with Maria Lopez, in room 4, [name]."),
        ("customer", "Maria Lopez, agent", "Keys are with [name], in room 4, Anna."),
        ("anna keller", "Lopez Keys Support", "Keys are with Maria Lopez, in room 4, Anna."),
    ],
)
def test_names_beside_a_role_are_masked_too(customer: str, agent: str, reply: str) -> None:
    pair = mine(
        told((customer, "Where do I get a key for the lab?"), (agent, "Keys are with Maria Lopez, in room 4, Anna."))
    )
    assert isinstance(pair, Pair)
    assert pair.reply == reply


def test_customer_care_is_no_customer() -> None:
    pair = mine(
        told(
            ("Customer Care", "Welcome to the lab desk, tell us what you need today."),
            ("Customer", "Where do I get a key for the lab?"),
            ("Customer Care", "Keys are in room 4. Care for them."),
        )
    )
    assert isinstance(pair, Pair)
    assert (pair.question, pair.reply) == ("Where do I get a key for the lab?", "Keys are in room 4. Care for them.")


def test_a_short_chinese_question_says_enough() -> None:
    pair = mine(told(("客户", "我叫王小明，电话13812345678，请问怎么退货？"), ("客服", "请在30天内寄回商品。")))
    assert isinstance(pair, Pair)
    assert (pair.question, pair.reply) == ("请问怎么退货？", "请在30天内寄回商品。")


def test_a_chinese_dialogue() -> None:
    pair = mine(
        told(
            ("客服", "您好，请问有什么可以帮您？"),
            ("客户", "你好，请问鞋子穿过一次还能退货吗？"),
            ("客服", "好的，请稍等。"),
            ("客服", "鞋子只要鞋底干净，收到后41天内都可以退货。"),
            ("客户", "谢谢！"),
        )
    )
    assert isinstance(pair, Pair)
    assert pair.question == "请问鞋子穿过一次还能退货吗？"
    assert pair.reply == "鞋子只要鞋底干净，收到后41天内都可以退货。"


def test_a_long_story_is_cut_to_its_question() -> None:
    story = "I bought a kettle in May and used it every day. " * 12
    pair = mine(
        told(
            ("user", story + "How long is the warranty for a kettle?"),
            ("assistant", "The warranty for a kettle is two years from the day you bought it."),
        )
    )
    assert isinstance(pair, Pair)
    assert pair.question == "How long is the warranty for a kettle?"


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("How do I reset the sauna thermostat?", "Hold the red button for ten seconds until the lamp blinks twice."),
        ("How do I order a new badge?", "Write to Noor in room 12; it takes two days."),
        ("Where is the badge office?", "In room 12."),
        ("When do you open?", "At 9."),
        ("温控器怎么重置？", "按住红色按钮十秒，直到灯闪两次。"),
    ],
)
def test_a_reply_need_not_repeat_the_words_of_the_question(question: str, reply: str) -> None:
    pair = mine(told(("customer", "Hi! " + question), ("agent", reply)))
    assert isinstance(pair, Pair)
    assert (pair.question, pair.reply) == (question, reply)


def test_an_answer_that_asks_whether_it_helped_is_one() -> None:
    reply = "Hold the red button of the unit for ten seconds. Does the lamp blink now?"
    pair = mine(told(("customer", "How do I reset the sauna?"), ("agent", reply)))
    assert isinstance(pair, Pair)
    assert pair.reply == reply


@pytest.mark.parametrize(
    "opening",
    [
        "My name is Bob Dole, bob@example.org. ",
        "Hello, I'm Bob Dole from Leeds. My e-mail address is bob@example.org. ",
        "This is Bob, order number 4711-22. ",
        "This is Bob Dole. My phone number is 020 7946 0958. ",
        "Hi, my name is Bob Dole, ",
    ],
)
def test_who_asks_is_no_part_of_the_question(opening: str) -> None:
    pair = mine(told(("customer", opening + "how do I reset the sauna?"), ("agent", "Hold the red button down.")))
    assert isinstance(pair, Pair)
    assert pair.question == "how do I reset the sauna?"


def test_dialogues_without_question_or_answer_say_which_is_lacking() -> None:
    assert mine(told(("Customer", "Hi"), ("Agent", "Hello, how can I help?"))) is Lacking.QUESTION
    assert mine([]) is Lacking.QUESTION
    asked = ("Customer", "How do I reset the machine?")
    assert mine(told(asked)) is Lacking.REPLY
    for reply in ("One moment please.", "Which machine do you have at home?", "I don't know.", "I'll get back to you."):
        assert mine(told(asked, ("Agent", reply))) is Lacking.REPLY, reply
