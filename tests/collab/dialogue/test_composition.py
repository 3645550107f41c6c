"""What of a model's text is said, sentence by sentence, and with which source."""

import pytest

from collab.dialogue.composition import cited, composed_answer, quoted_answer, told, without_citations
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


def quoted(start: int, text: str, told: str | None = None) -> Quote:
    return Quote(7, start, start + len(text), text, 1.0, None, text if told is None else told)


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


def test_what_repeats_a_sentence_in_other_words_is_left_out() -> None:
    assert said("Students pay 9 euros. It is 9 euros that students pay. ") == ["Students pay 9 euros. [1]"]


def test_what_the_sources_say_of_two_variants_is_said_of_both() -> None:
    quotes = ["The Lumo 200 may get wet.", "The Lumo 400 must not get wet."]
    sources = [source(n, quote) for n, quote in enumerate(quotes, start=1)]

    def composed(text: str) -> str:
        return "".join(composed_answer([text], "May the lantern get wet?", sources, quotes))

    assert composed(quotes[0]) == ""
    assert composed(" ".join(quotes)) == "The Lumo 200 may get wet. [1] The Lumo 400 must not get wet. [2]"


def test_quotes_of_one_passage_share_its_number() -> None:
    passage = PassageRecord(7, "d1", "guide.md", "everyone", "Tickets", None, TICKETS, ())
    quotes = (quoted(21, "Students pay 9 euros."), quoted(0, "Adults pay 14 euros."))
    sources = cited(Answer(quotes, {7: passage}, 0.9))
    assert [source.n for source in sources] == [1, 1]
    assert quoted_answer(sources) == "Students pay 9 euros. Adults pay 14 euros. [1]"


def test_the_answer_has_the_cells_that_are_asked_for_and_the_source_the_whole_row() -> None:
    rows = ["Saw: Fox; Teeth: 24; Hire: 7 euros", "Saw: Yak; Teeth: 48; Hire: 9 euros"]
    passage = PassageRecord(7, "d1", "saws.csv", "everyone", "", None, "\n".join(rows), ())
    quotes = (quoted(0, rows[0], "Saw: Fox; Hire: 7 euros"), quoted(35, rows[1], "Saw: Yak; Hire: 9 euros"))
    found = Answer(quotes, {7: passage}, 0.9)
    sources = cited(found)
    assert [source.quote for source in sources] == rows
    assert quoted_answer(told(found, sources)) == "Fox · Hire: 7 euros; Yak · Hire: 9 euros [1]"


def test_the_quotes_as_the_answer() -> None:
    assert quoted_answer(SOURCES) == f"{QUOTES[0]} [1] {LOCKERS} [2]"


def test_the_editor_starts_without_citation_numbers() -> None:
    assert without_citations("Students pay 9 euros. [1] Others 12. [2]") == "Students pay 9 euros. Others 12."


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        (
            "Parcel: Express parcel to France; Price: costs 16.90 euros; Time: one to two days",
            "Express parcel to France · Price: costs 16.90 euros · Time: one to two days [1]",
        ),
        ("Number: 12; Price: 9 euros", "Number: 12 · Price: 9 euros [1]"),
        ("Note: bring a towel; caps are optional.", "Note: bring a towel; caps are optional. [1]"),
        ("Opening hours: 9:00 to 17:00", "Opening hours: 9:00 to 17:00 [1]"),
    ],
)
def test_a_row_of_a_table_is_shown_under_its_first_column(quote: str, shown: str) -> None:
    assert quoted_answer([source(1, quote)]) == shown
