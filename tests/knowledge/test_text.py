"""The same question, sentences, search words and invisible characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import Cleaned, Span, clean, content_words, is_chinese, normalise, sentences, words

WILD = st.text(alphabet=st.one_of(st.sampled_from(" .?!…。？！；\n\"'“”’[]()1aBİﬃß的\u200d"), st.characters()))


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


class TestNormalise:
    @pytest.mark.parametrize(
        ("question", "form"),
        [
            ("  What IS\tthe fee?? ", "what is the fee"),
            ("“What is ‘the fee’?”", "what is the fee"),
            ("ＷＨＡＴ is ﬁne…", "what is fine"),
            ("Straße", "strasse"),
            ("「退货」期限是多久？！", "退货期限是多久"),
            ("《手册》在哪里。。", "手册在哪里"),
            ("Don’t you ship?", "don't you ship"),
            ("What's C#?", "what's c#"),
            ("Is it 1.5 % or -5?", "is it 1.5 % or -5"),
            ("Version 1.12.", "version 1.12"),
            ("Is .NET (v2) free ?", "is .net (v2) free"),
            ("?!", ""),
        ],
    )
    def test_form(self, question: str, form: str) -> None:
        assert normalise(question) == form

    @pytest.mark.parametrize(("one", "other"), [("C", "C#"), ("1.5 %", "15 %"), ("-5", "5"), ("1.1", "1.12")])
    def test_punctuation_that_means_something_keeps_questions_apart(self, one: str, other: str) -> None:
        assert normalise(f"What is {one}?") != normalise(f"What is {other}?")

    @given(WILD)
    def test_is_idempotent(self, question: str) -> None:
        assert normalise(normalise(question)) == normalise(question)


class TestSentences:
    @pytest.mark.parametrize(
        "expected",
        [
            ["It costs 9.50 euros.", "Who pays?", "You do!"],
            ["Dr. Smith paid on Jan. 5 at 3 p.m. in Ghent.", "He left."],
            ["See No. 5 for the fees, e.g. The large ones.", "The answer is no.", "Next."],
            ["It closes at 5 p.m.", "Please ring.", "It opens at 9 a.m. Monday."],
            ["The U.S. Army came.", "He lives in the U.S.", "The army left."],
            ["J. A. Hobson wrote it.", "Plan B.", "It worked."],
            ['"Why?" he asked.', 'He said "no."', "(So be it.)", "Then he left."],
            ["Students pay 9 euros. [1]", "Others pay more.[2]", "Children enter free."],
            ["1. Open the lid.", "Pour.", "2) Close it."],
            ["Version 3.5 is out!", "iPhone sales rose.", "eBay followed."],
            ["Wait . . . what?", "Chapter one ............ 12"],
            ["请在三十天内退货。", "可以换货吗？", "“可以。”", "请保留发票；", "谢谢"],
        ],
    )
    def test_split(self, expected: list[str]) -> None:
        text = " ".join(expected) if expected[0].isascii() else "".join(expected)
        assert split(text) == expected

    def test_rows_and_items_are_sentences(self) -> None:
        assert split("Sizes\nSize: 40; Price: 5\n- wool\n\n- silk") == [
            "Sizes",
            "Size: 40; Price: 5",
            "- wool",
            "- silk",
        ]

    def test_chinese_with_western_marks(self) -> None:
        assert split("你好!请用TX-2.5版。真的?对") == ["你好!", "请用TX-2.5版。", "真的?", "对"]

    def test_spans_count_characters(self) -> None:
        assert sentences("  A b.  C d. ") == [Span(2, 6), Span(8, 12)]

    @given(WILD)
    def test_every_visible_character_is_in_one_sentence(self, text: str) -> None:
        spans = sentences(text)
        places = [place for span in spans for place in range(span.start, span.end)]
        assert places == sorted(set(places))
        assert set(places) >= {place for place, character in enumerate(text) if not character.isspace()}
        assert all(text[span.start : span.end].strip() == text[span.start : span.end] != "" for span in spans)

    @pytest.mark.parametrize("unit", [".", "e.g. ", '."', "[1]", ". . ", "x"])
    def test_long_runs_of_marks_stay_whole_or_split_but_end(self, unit: str) -> None:
        text = unit * 100_000
        assert sum(span.end - span.start for span in sentences(text)) <= len(text)


class TestWords:
    def test_english(self) -> None:
        assert words("The Café’s well-known fee: don't pay €9,000.50!") == [
            *["the", "cafe", "well", "known", "fee", "don't", "pay", "9000.50"]
        ]

    def test_model_numbers_are_found_whole_and_by_their_parts(self) -> None:
        assert words("TX-200, 5kg, C#, v1.12") == ["tx-200", "tx", "200", "5kg", "5", "kg", "c#", "v1.12", "v", "1.12"]

    def test_chinese_is_segmented_for_search(self) -> None:
        assert words("TX-200的退货期限是30天") == ["tx-200", "tx", "200", "的", "退货", "期限", "是", "30", "天"]

    def test_content_words_are_stems_without_stop_words(self) -> None:
        assert content_words("How long are the returned parcels stored?") == ["long", "return", "parcel", "store"]
        assert content_words("请问退货的期限是多久？") == ["退货", "期限", "多久"]

    def test_content_words_keep_negation_and_opposites(self) -> None:
        assert content_words("I cannot turn it off") == ["not", "turn", "off"]
        assert content_words("It isn't covered, before or after") == ["not", "cover", "befor", "after"]

    @given(WILD)
    def test_any_text_gives_words_without_white_space(self, text: str) -> None:
        assert all(word and not any(character.isspace() for character in word) for word in words(text))


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("退货期限是多久？", True),
        ("TX-200 的保修期是多久", True),
        ("What does 退货 mean?", False),
        ("How long?", False),
        ("返品はいつまでですか", False),
        ("42", False),
    ],
)
def test_is_chinese(text: str, chinese: bool) -> None:
    assert is_chinese(text) is chinese


class TestClean:
    def test_tells_where_invisible_characters_stood(self) -> None:
        assert clean("a\u200bb\x00c\u202ed\n\te\ufeff\U000e0041") == Cleaned("abcd\n\te", (1, 3, 5, 10, 11))

    def test_leaves_a_clean_text_alone(self) -> None:
        assert clean("naïve — 退货 “ok”\n") == Cleaned("naïve — 退货 “ok”\n", ())

    @pytest.mark.parametrize("text", ["می‌خواهم", "क्‍ष", "👨‍👩‍👧 👩🏽‍🚀 ❤️‍🔥"])
    def test_keeps_joiners_where_they_shape_what_is_seen(self, text: str) -> None:
        assert clean(text) == Cleaned(text, ())

    def test_joiners_elsewhere_only_hide(self) -> None:
        assert clean("pa\u200dss\u200cword") == Cleaned("password", (2, 5))

    @given(st.text(alphabet=st.characters(exclude_categories=())))
    def test_result_can_be_stored(self, text: str) -> None:
        cleaned = clean(text)
        assert "\0" not in cleaned.text
        assert cleaned.text.encode() == clean(cleaned.text).text.encode()
        assert len(cleaned.text) + len(cleaned.removed) == len(text)
