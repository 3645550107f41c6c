"""The questions that the page offers read as a person asks them, in the language of what they are about."""

from dataclasses import replace

from collab.people.access import EVERYONE, Actor
from collab.texts import load_texts
from collab.ui.screen import Screen
from collab.ui.suggesting import next_questions, starters

TICKETS = b"# Guide\n\n## Tickets\nStudents pay 9 euros.\n\n## When the garage closes\nIt closes at ten.\n"
SENT_BACK = "# 手册\n\n## 退货期限\n鞋子可在30天内退货。\n".encode()
CLOSING = b"# House\n\n## Who may enter?\nAnybody may enter.\n"


def test_one_begins_with_questions_in_the_language_of_the_page(screen: Screen, member: Actor) -> None:
    for name, content in (("guide.md", TICKETS), ("退货.md", SENT_BACK), ("house.md", CLOSING)):
        screen.services.library.add(name, content, EVERYONE)
    english = ["Who may enter?", "What do the documents say about “Tickets”?"]
    chinese = "文档里关于“退货期限”是怎么说的？"
    assert sorted(starters(screen, member)[:2]) == sorted(english)
    assert starters(screen, member)[2:] == [chinese]
    on_chinese_page = starters(replace(screen, texts=load_texts("zh")), member)
    assert (on_chinese_page[0], sorted(on_chinese_page[1:])) == (chinese, sorted(english))


def test_one_goes_on_with_a_question_that_is_answered(screen: Screen, member: Actor) -> None:
    screen.services.library.add("guide.md", TICKETS, EVERYONE)
    conversation = None
    for asked, offered in (
        ("What do students pay?", "Can you tell me when the garage closes?"),
        ("Can you tell me when the garage closes?", "What do the documents say about “Tickets”?"),
    ):
        list(screen.services.assistant.reply(member, conversation, asked))
        conversation = screen.services.conversations.list(member)[0].id
        turn = screen.services.conversations.turns(member, conversation)[-1]
        assert next_questions(screen, member, turn) == (offered,)
