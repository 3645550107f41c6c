"""Which sentence is quoted, on evidence made by hand; and the real model on small documents of many kinds."""

import numpy as np
import pytest

from knowledge.evidence import Evidence, Found
from knowledge.quoting import Quote, asking, best_quotes, covered, holds_expected, said
from knowledge.records import PassageRecord, SentenceRecord
from knowledge.text import sentences


def passage(text: str, *cosines: float, id: int = 1, heading: str = "") -> Found:
    """A passage whose sentences have these cosines with the question (1, 0); none of them: no vectors."""
    vectors = [np.array([cosine, 0], dtype=np.float32) for cosine in cosines]
    spans = sentences(text)
    records = tuple(
        SentenceRecord(span.start, span.end, vectors[place] if vectors else None) for place, span in enumerate(spans)
    )
    record = PassageRecord(id, "d", "guide.md", "everyone", heading, None, text, records)
    return Found(record, score=1.0, dense=None, keyword=None, why="")


def evidence(question: str, idf: dict[str, float], *found: Found) -> Evidence:
    return Evidence(question, np.array([1, 0], dtype=np.float32), idf, searched=len(found), found=found)


def texts(quotes: tuple[Quote, ...]) -> list[str]:
    return [quote.text for quote in quotes]


def test_the_score_is_the_sum_worked_out_by_hand() -> None:
    found = passage("The shop is shut. Lockers take a coin.", 0.2, 0.6, heading="Guide")
    (quote,) = best_quotes(evidence("Which coin?", {"coin": 1.0, "size": 3.0}, found))
    # cosine .6, covered .25 alone and in context, passage 1, nothing asked for, four words
    assert quote.score == pytest.approx(0.6 + 0.3 * 0.25 + 0.4 * 0.25 + 0.05 - 0.004)
    assert (quote.text, quote.start, quote.end, quote.passage_id) == ("Lockers take a coin.", 18, 38, 1)
    assert quote.cosine == pytest.approx(0.6)


def test_shared_words_can_outweigh_likeness() -> None:
    found = passage("All bags are welcome. Tripods need a permit.", 0.5, 0.3)
    assert texts(best_quotes(evidence("Tripods?", {"tripod": 2.0}, found))) == ["Tripods need a permit."]


def test_the_heading_carries_the_subject() -> None:
    lockers = passage("A coin is needed.", 0.5, id=1, heading="Guide › Lockers")
    showers = passage("A token is needed.", 0.5, id=2, heading="Guide › Showers")
    quotes = best_quotes(evidence("Showers?", {"shower": 1.0}, lockers, showers))
    assert texts(quotes) == ["A token is needed."]


def test_a_number_is_preferred_where_one_is_asked_for() -> None:
    found = passage("Students pay less with a card. Students pay 9 euros.", 0.52, 0.5)
    assert texts(best_quotes(evidence("How much do students pay?", {"student": 1.0}, found))) == [
        "Students pay 9 euros."
    ]


@pytest.mark.parametrize(
    ("question", "place"),
    [("How many points for each euro?", 1), ("How many points for one euro?", 0), ("Points for each euro?", 0)],
)
def test_a_rate_is_preferred_where_one_is_asked_for(question: str, place: int) -> None:
    said = ["A hundred points are worth four euros.", "Members earn one point for every euro spent."]
    found = passage(" ".join(said), 0.6, 0.57)
    assert texts(best_quotes(evidence(question, {"point": 1.0}, found)))[0] == said[place]


def test_a_leaning_sentence_brings_the_one_before_it() -> None:
    found = passage("Dogs stay on a lead. They may not enter the beach.", 0.3, 0.8)
    (quote,) = best_quotes(evidence("Beach?", {"beach": 1.0}, found))
    assert (quote.text, quote.start) == ("Dogs stay on a lead. They may not enter the beach.", 0)


def test_two_short_sentences_that_are_as_good_go_together() -> None:
    found = passage("Adults pay 14 euros. The shop sells cards. Students pay 9 euros.", 0.60, 0.1, 0.58)
    assert texts(best_quotes(evidence("Prices?", {"price": 1.0}, found))) == [
        "Adults pay 14 euros.",
        "Students pay 9 euros.",
    ]


def test_what_is_said_of_another_variant_is_not_quoted() -> None:
    one = passage("The Lumo 200 may get wet. It may stay out.", 0.9, 0.9, heading="Lamps", id=1)
    another = passage("It may get wet, too.", 0.8, heading="Lamps › Lumo 300", id=2)
    asked = passage("The Lumo 400 must stay dry.", 0.5, heading="Lamps › Lumo 400", id=3)
    question = "May the lumo 400 get wet?"
    assert texts(best_quotes(evidence(question, {"wet": 1.0}, one, another, asked))) == ["The Lumo 400 must stay dry."]
    assert best_quotes(evidence(question, {"wet": 1.0}, one, another)) == ()


def test_where_the_question_does_not_tell_variants_apart_both_are_quoted() -> None:
    wet = "The Lumo 200 may get as wet as you like, on every day of the week and in every kind of weather."
    dry = "The Lumo 400 must stay dry, on every day of the week and in every kind of weather."
    assert texts(best_quotes(evidence("May it get wet?", {}, passage(f"{wet} {dry}", 0.62, 0.6)))) == [wet, dry]
    assert texts(best_quotes(evidence("May the Lumo 200 get wet?", {}, passage(f"{wet} {dry}", 0.62, 0.6)))) == [wet]


def test_a_sentence_that_adds_nothing_is_not_quoted_beside_the_best() -> None:
    found = passage("Adults pay 14 euros. It is 14 euros that adults pay.", 0.60, 0.58)
    assert texts(best_quotes(evidence("What do adults pay?", {"adult": 1.0}, found))) == ["Adults pay 14 euros."]


def test_overlapping_quotes_become_one() -> None:
    found = passage("Dogs stay on a lead. They may not enter the beach.", 0.60, 0.58)
    assert texts(best_quotes(evidence("Dogs?", {"cat": 1.0}, found))) == [
        "Dogs stay on a lead. They may not enter the beach."
    ]


def test_what_begins_with_a_pronoun_is_quoted_with_what_it_leans_on() -> None:
    long = "Basic cover is made for riders who come by for a day or two and who stay within the town at all times."
    lasting = passage(f"{long} It does not pay for any of the punctures that you may have.", 0.1, 0.6)
    (quote,) = best_quotes(evidence("Punctures?", {"cat": 1.0}, lasting))
    assert quote.text.startswith("Basic cover is made")
    chain = passage(
        "All is well. Basic cover is cheap. It pays for theft. It does not pay for punctures.", 0.1, 0, 0, 0.6
    )
    assert texts(best_quotes(evidence("Punctures?", {"cat": 1.0}, chain))) == [
        "Basic cover is cheap. It pays for theft. It does not pay for punctures."
    ]


def test_what_only_looks_like_a_pronoun_stands_alone() -> None:
    first = "The shop is made for riders who come by for a day or two and who stay within the town at all times."
    (quote,) = best_quotes(evidence("Park?", {"cat": 1.0}, passage(f"{first} It is forbidden to park here.", 0.1, 0.6)))
    assert quote.text == "It is forbidden to park here."


def test_of_a_name_the_row_that_tells_the_measure_is_quoted() -> None:
    rows = passage("Model: Wren; Pressure: 4.0\nModel: Wren; Weight: 14.2", 0.55, 0.5)
    asked = evidence("How heavy is the Wren?", {"wren": 1.0, "=weight": 1.0}, rows)
    assert texts(best_quotes(asked)) == ["Model: Wren; Weight: 14.2"]


def test_of_a_row_the_cells_that_are_asked_for_are_told() -> None:
    rows = passage("Model: Wren; Weight: 9; Price: 12 euros\nModel: Heron; Weight: 20; Price: 35 euros", 0.6, 0.3)
    (quote,) = best_quotes(evidence("How heavy is the Wren?", {"wren": 1.0}, rows))
    assert (quote.text, quote.told) == ("Model: Wren; Weight: 9; Price: 12 euros", "Model: Wren; Weight: 9")
    red = passage("Model: Wren; Rent: 9; Colour: red", 0.6)
    (priced,) = best_quotes(evidence("How much is the Wren, in red?", {"wren": 1.0}, red))
    assert priced.told == priced.text  # the price is in no cell of which the question says a word
    (prose,) = best_quotes(evidence("Tripods?", {"tripod": 1.0}, passage("Tripods need a permit.", 0.6)))
    assert prose.told == prose.text


def test_two_rows_are_short_by_what_is_told_of_them() -> None:
    kept = "in the long shed behind the old mill, on the left hand side of the lower yard"
    rows = passage(f"Model: Wren; Seats: 2; Kept: {kept}\nModel: Heron; Seats: 2; Kept: {kept}", 0.6, 0.58)
    quotes = best_quotes(evidence("Which model has two seats?", {"seat": 1.0}, rows))
    assert [quote.told for quote in quotes] == ["Model: Wren; Seats: 2", "Model: Heron; Seats: 2"]


def test_what_is_not_so_is_preferred_where_it_is_asked_for() -> None:
    found = passage("Basic cover pays for theft. Falls are not paid for by Basic cover, wherever that was.", 0.6, 0.4)
    asked = "What does Basic cover not pay for?"
    assert texts(best_quotes(evidence(asked, {"cover": 1.0}, found)))[0].startswith("Falls are not paid for")
    assert not holds_expected(asked, "Basic cover pays for theft.")


def test_a_sentence_of_two_passages_is_quoted_once() -> None:
    first = passage("Lockers take a coin.", 0.6, id=1)
    second = passage("Lockers take a coin. Tall bags stay outside, whoever asks.", 0.6, 0.1, id=2)
    assert len(best_quotes(evidence("Coin?", {"coin": 1.0}, first, second))) == 1


def test_without_vectors_the_words_decide() -> None:
    found = passage("商店周一关门。鞋子可在30天内退货。")
    chinese = Evidence("鞋子多少天内退货？", None, {"鞋子": 1.0, "退货": 1.0}, searched=1, found=(found,))
    (quote,) = best_quotes(chinese)
    assert (quote.text, quote.cosine) == ("鞋子可在30天内退货。", None)


@pytest.mark.parametrize(
    ("focus", "asked"),
    [("And for tents?", "first"), ("What about tents?", "first"), ("", "first"), ("And how heavy is it?", "last")],
)
def test_which_kind_of_answer_is_wanted_is_said_last_where_it_is_said_there(focus: str, asked: str) -> None:
    question = f"How long can I return shoes? {focus}"
    evidence = Evidence(question, None, {}, 0, (), focus)
    assert asking(evidence) == (focus if asked == "last" else question)


def test_of_several_earlier_questions_the_last_says_which_answer_is_wanted() -> None:
    question = "How heavy is the Kestrel? What does it cost? and the Heron?"
    assert asking(Evidence(question, None, {}, 0, (), "and the Heron?")) == "What does it cost? and the Heron?"


def test_nothing_found_is_nothing_quoted() -> None:
    assert best_quotes(evidence("Anything?", {})) == ()


def test_covered_is_the_share_of_idf() -> None:
    assert covered({"coin": 1.0, "locker": 3.0}, {"locker", "key"}) == 0.75
    assert covered({}, {"locker"}) == 0


def test_what_no_answer_repeats_is_not_counted() -> None:
    assert covered({"much": 5.0, "ticket": 1.0}, {"ticket"}) == 1.0


def test_of_two_as_good_the_one_with_the_price_is_quoted() -> None:
    found = passage(
        "Parcels to France are free for orders of 80 euros or more, on every day of the week. "
        "Parcels to France cost 5.90 euros up to 2 kg and 8.80 euros up to 10 kg, packed by you.",
        0.62,
        0.55,
    )
    (quote,) = best_quotes(evidence("How much is a parcel to France?", {"parcel": 1.0}, found))
    assert quote.text.startswith("Parcels to France cost 5.90")


def test_a_title_is_never_quoted_but_says_what_the_lines_after_it_are_about() -> None:
    text = "Our School: notes\n\nLunch\nA day costs 3 pounds.\nClub\nA day costs 5 pounds."
    office = passage(text, 0.9, 0.9, 0.5, 0.9, 0.5)
    assert texts(best_quotes(evidence("Club?", {"club": 1.0}, office))) == ["A day costs 5 pounds."]


def test_a_list_is_quoted() -> None:
    found = passage("Please bring:\nA towel\nA cap\nThe pool is deep.", 0.2, 0.9, 0.3, 0.1)
    assert texts(best_quotes(evidence("Towel?", {"towel": 1.0}, found))) == ["A towel"]


def test_a_sentence_is_not_quoted_again_within_another_quote() -> None:
    first = passage("Dogs stay on a lead. They swim.", 0.1, 0.6, id=1)
    second = passage("Dogs stay on a lead.", 0.59, id=2)
    assert texts(best_quotes(evidence("Swim?", {"cat": 1.0}, first, second))) == ["Dogs stay on a lead. They swim."]


def test_what_is_returned_is_sent_back() -> None:
    assert covered({"tent": 1.0, "back": 1.0}, said("Tents can be returned within 60 days.")) == 1.0


def test_initials_say_what_the_name_says() -> None:
    assert {"uk", "kingdom"} <= said("Parcels to the United Kingdom")


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("How many days?", "Within 30 days.", True),
        ("How many days?", "Within thirty-odd days.", False),
        ("How long is the tour of 2 hours?", "The tour of 2 hours is nice.", False),
        ("When is it reserved?", "It is reserved on Wednesdays.", True),
        ("Who designed it?", "It was designed by Ada Lovelace.", True),
        ("Who designed it?", "It is open on Sunday.", False),
        ("Is it open?", "It opens at 9.", False),
        ("多少天？", "三十天内。", True),
        ("How much is entry?", "Entry costs 5 euros.", True),
        ("How much is entry?", "Entry is free above 65 years.", False),
        ("How much is delivery?", "Delivery is free for 60 euros or more.", False),
        ("How much is delivery?", "The carrier takes 8 euros above 60 euros.", False),
        ("What does it cost to ship?", "Shipping costs 5 euros.", True),
        ("How heavy is it?", "It weighs 380 g.", True),
        ("How much does it weigh?", "It carries 6 kg.", True),
        ("How heavy is it?", "It costs 6 euros.", False),
        ("How expensive is it?", "It weighs 6 kg.", False),
        ("Why is it shut?", "It is shut because of the snow.", True),
        ("Why is it shut?", "It is shut.", False),
    ],
)
def test_what_is_asked_for(question: str, sentence: str, expected: bool) -> None:
    assert holds_expected(question, sentence) is expected
