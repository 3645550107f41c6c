"""The question a customer had, and the reply that answered it."""

from collab.feedback.dialogues.messages import Message
from collab.feedback.dialogues.mining import mine


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
    assert pair is not None
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
    assert pair is not None
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
    assert pair is not None
    assert pair.reply.startswith("You can pick up the parcel")


def test_people_are_masked_in_both() -> None:
    pair = mine(
        told(
            ("Anna Smith", "Hello, my name is Anna Smith. My mail anna@example.com gets no invoices, why?"),
            ("Agent", "Anna, I call you at +44 20 7946 0958: invoices for Ms Smith go to anna@example.org instead."),
        )
    )
    assert pair is not None
    assert pair.question == "My mail [e-mail] gets no invoices, why?"
    assert pair.reply == "[name], I call you at [phone]: invoices for Ms [name] go to [e-mail] instead."


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
    assert pair is not None
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
    assert pair is not None
    assert pair.question == "How long is the warranty for a kettle?"


def test_dialogues_without_question_or_answer_give_nothing() -> None:
    assert mine(told(("Customer", "Hi"), ("Agent", "Hello, how can I help?"))) is None
    assert mine(told(("Customer", "How do I reset the machine?"), ("Agent", "One moment please."))) is None
    assert mine(told(("Customer", "How do I reset the machine?"))) is None
    assert mine([]) is None
