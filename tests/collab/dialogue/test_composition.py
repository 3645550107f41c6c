"""What of a model's text is said, sentence by sentence, and with which source."""

from collab.dialogue.composition import cited, composed_answer, quoted_answer
from collab.dialogue.records import Source
from knowledge.quoting import Quote
from knowledge.records import PassageRecord
from knowledge.retrieval import Answer

QUESTION = "How much do students pay?"
TICKETS = "Adults pay 14 euros. Students pay 9 euros."
LOCKERS = "Bags must be left in the lockers, which take a 2 euro coin."
QUOTES = ("Students pay 9 euros.", LOCKERS)


def source(n: int, quote: str) -> Source:
    return Source(n, f"d{n}", "guide.md", "everyone", n, "", None, quote, 0, len(quote))


SOURCES = [source(n, quote) for n, quote in enumerate(QUOTES, start=1)]


def said(*pieces: str) -> list[str]:
    return list(composed_answer(pieces, QUESTION, SOURCES, [TICKETS, LOCKERS]))


def test_each_sentence_leaves_when_it_is_whole_with_the_number_of_its_source() -> None:
    pieces = iter(["Students pay 9 eu", "ros. Bags must be left ", "in the lockers. "])
    answer = composed_answer(pieces, QUESTION, SOURCES, [TICKETS, LOCKERS])
    assert next(answer) == "Students pay 9 euros. [1]"
    assert list(pieces) == ["in the lockers. "]  # it had not been asked for yet


def test_what_no_source_supports_is_left_out() -> None:
    assert said("Students pay 9 euros. Children travel free. Bags must be left in the lockers.") == [
        "Students pay 9 euros. [1]",
        " Bags must be left in the lockers. [2]",
    ]


def test_nothing_leaves_before_the_best_quote_is_said() -> None:
    assert said("Bags must be left in the lockers. ", "Students pay 9 euros.") == [
        "Bags must be left in the lockers. [2] Students pay 9 euros. [1]"
    ]
    assert said("Bags must be left in the lockers.") == []


def test_numbers_that_the_model_wrote_are_not_trusted() -> None:
    assert said("Students pay 9 euros [2]. Bags must be left in the lockers [7].") == [
        "Students pay 9 euros. [1]",
        " Bags must be left in the lockers. [2]",
    ]


def test_a_sentence_that_was_cut_off_is_not_said() -> None:
    assert said("Students pay 9 euros. Bags must be left in the") == ["Students pay 9 euros. [1]"]
    assert said("Students pay 9 euros") == said() == []


def test_nothing_is_said_twice() -> None:
    assert said("Students pay 9 euros. Students pay 9 euros. ") == ["Students pay 9 euros. [1]"]


def test_quotes_of_one_passage_share_its_number() -> None:
    passage = PassageRecord(7, "d1", "guide.md", "everyone", "Tickets", None, TICKETS, ())
    quotes = (Quote(7, 21, 42, "Students pay 9 euros.", 1.0, None), Quote(7, 0, 20, "Adults pay 14 euros.", 0.9, None))
    sources = cited(Answer(quotes, {7: passage}, 0.9))
    assert [source.n for source in sources] == [1, 1]
    assert quoted_answer(sources) == "Students pay 9 euros. Adults pay 14 euros. [1]"


def test_the_quotes_as_the_answer() -> None:
    assert quoted_answer(SOURCES) == f"{QUOTES[0]} [1] {LOCKERS} [2]"
