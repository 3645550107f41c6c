"""Sections become passages of whole sentences, none over the limit, nothing lost."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunking import MAX_CHARS, Chunk, chunk
from knowledge.documents import Section
from knowledge.text import Span, sentences


def count_words(text: str) -> int:
    """One token a word."""
    return len(text.split())


def count_pairs(text: str) -> int:
    """Two characters a token, rounded up, white space too: joined sentences count for more than apart."""
    return -(-len(text) // 2)


def texts(chunks: list[Chunk]) -> list[str]:
    return [passage.text for passage in chunks]


def parts(passage: Chunk) -> list[str]:
    return [passage.text[span.start : span.end] for span in passage.sentences]


def test_a_passage_keeps_its_place_and_its_sentences() -> None:
    assert chunk([Section("Returns › Shoes", "In their box. With laces.", 3)], count_words) == [
        Chunk("In their box. With laces.", "Returns › Shoes", 3, (Span(0, 13), Span(14, 25)))
    ]


def test_sections_are_never_mixed() -> None:
    sections = [Section("A", "One.", 1), Section("B", "Two.", 1)]
    assert [(passage.heading, passage.text) for passage in chunk(sections, count_words)] == [
        ("A", "One."),
        ("B", "Two."),
    ]


def test_passages_of_a_section_are_of_like_length() -> None:
    text = "A b c. D e f. G h i. J k l."
    assert texts(chunk([Section("", text)], count_words, max_tokens=10, overlap=0)) == [
        "A b c. D e f.",
        "G h i. J k l.",
    ]


def test_a_passage_repeats_the_last_sentence_before_it() -> None:
    text = "A b c. D e f. G h i. J k l."
    assert texts(chunk([Section("", text)], count_words, max_tokens=9)) == ["A b c. D e f.", "D e f. G h i. J k l."]


def test_nothing_is_repeated_where_there_is_no_room() -> None:
    text = "A b c. D e f. G h i. J k l."
    assert texts(chunk([Section("", text)], count_words, max_tokens=8)) == ["A b c. D e f.", "G h i. J k l."]


def test_a_passage_ends_with_a_paragraph_when_it_is_long_enough() -> None:
    text = "A b c. D e f. G.\n\nH i j. K l m. N o p."
    found = texts(chunk([Section("", text)], count_words, max_tokens=12, overlap=0))
    assert found == ["A b c. D e f. G.", "H i j. K l m. N o p."]


def test_a_tail_of_a_few_words_joins_the_passage_before() -> None:
    text = "A b c d e f. G h i j. K l m n o. P."
    found = texts(chunk([Section("", text)], count_words, max_tokens=10, overlap=0))
    assert found == ["A b c d e f. G h i j.", "K l m n o. P."]


def test_rows_of_a_table_are_quotable_alone() -> None:
    (passage,) = chunk([Section("Sizes", "Size: 40; Price: 5\nSize: 41; Price: 6")], count_words)
    assert parts(passage) == ["Size: 40; Price: 5", "Size: 41; Price: 6"]


def test_a_long_sentence_is_cut_between_words() -> None:
    text = "one two three four five six seven eight nine ten"
    found = chunk([Section("", text)], count_words, max_tokens=4, overlap=0)
    assert " ".join(texts(found)) == text
    assert all(count_words(passage.text) <= 4 for passage in found)


def test_a_long_chinese_sentence_is_cut_at_a_clause_or_between_characters() -> None:
    text = "请在三十天以内退货，并且请保留发票和包装"
    assert texts(chunk([Section("", text)], len, max_tokens=12, overlap=0)) == [
        "请在三十天以内退货，",
        "并且请保留发票和包装",
    ]
    assert texts(chunk([Section("", "退货期限三十天")], len, max_tokens=4, overlap=0)) == ["退货期", "限三十天"]


def test_a_word_over_the_limit_is_cut() -> None:
    assert texts(chunk([Section("", "abcdefgh")], count_pairs, max_tokens=2, overlap=0)) == ["abcd", "efgh"]


def test_a_run_of_letters_without_spaces_is_cut_by_its_characters() -> None:
    """A tokenizer may call it one token, however long it is."""
    text = "f0" * 200_000
    found = chunk([Section("", text)], count_words, overlap=0)
    assert "".join(texts(found)) == text
    assert max(len(passage.text) for passage in found) <= MAX_CHARS
    assert len(found) == 256  # the least power of two that makes pieces of 2,000 characters or fewer


WILD = st.text(alphabet=st.sampled_from("ab. \n。，的?X1"), max_size=300)


@given(WILD, st.sampled_from([count_words, count_pairs, len]), st.integers(1, 40), st.integers(0, 3))
def test_no_sentence_is_lost_and_no_passage_is_over_the_limit(text, count, max_tokens, overlap) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    found = chunk([Section("H", text, 2)], count, max_tokens, overlap)
    assert all(count(passage.text) <= max_tokens for passage in found)
    assert all((passage.heading, passage.page) == ("H", 2) for passage in found)
    pieces = [piece for passage in found for piece in parts(passage)]
    assert all(piece == piece.strip() != "" for piece in pieces)
    for sentence in sentences(text):
        whole = text[sentence.start : sentence.end]
        assert whole in pieces or count(whole) > max_tokens
    if overlap == 0:
        assert "".join("".join(pieces).split()) == "".join(text.split())


@given(WILD, st.integers(1, 20))
def test_a_passage_is_what_stands_in_the_section(text: str, max_tokens: int) -> None:
    for passage in chunk([Section("", text)], count_words, max_tokens):
        assert passage.text in text
        covered = {place for span in passage.sentences for place in range(span.start, span.end)}
        assert all(character.isspace() for place, character in enumerate(passage.text) if place not in covered)
        assert len(covered) == sum(span.end - span.start for span in passage.sentences)
