"""The sample handbook and the questions that are known about it (tests/handbook.json).

Looks at the text alone; whether the product finds the answers is measured elsewhere.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "assets/handbook").iterdir())}
KNOWN: dict[str, Any] = json.loads((ROOT / "tests/handbook.json").read_text(encoding="utf-8"))
# A word of each gap question without which no sentence could answer it.
GAP_WORDS = (
    "student",
    "returns? from the United States",
    "dog",
    "competitor",
    "aeroplane",
    "instalment",
    "PFAS",
    "car park",
    "wide fit",
    "vacanc",
)


def test_handbook_is_about_thirty_pages_of_markdown() -> None:
    assert all(name.endswith(".md") for name in PAGES)
    assert 11_000 <= sum(len(text.split()) for text in PAGES.values()) <= 16_500  # about 500 words a page


def test_every_page_has_one_title_of_its_own_and_headings() -> None:
    titles = [re.findall(r"^# (.+)$", text, re.MULTILINE) for text in PAGES.values()]
    assert all(len(found) == 1 for found in titles)
    assert len({found[0].casefold() for found in titles}) == len(PAGES)
    assert all(len(re.findall(r"^##+ .+$", text, re.MULTILINE)) >= 3 for text in PAGES.values())


def test_no_heading_stands_twice_under_the_same_parents() -> None:
    for name, text in PAGES.items():
        path: list[str] = []
        seen = set()
        for marks, heading in re.findall(r"^(#+) (.+)$", text, re.MULTILINE):
            path = [*path[: len(marks) - 1], heading]
            assert tuple(path) not in seen, (name, path)
            seen.add(tuple(path))


def test_known_questions_are_counted_and_asked_once() -> None:
    assert {group: len(items) for group, items in KNOWN.items()} == {
        "answerable": 40,
        "follow_ups": 6,
        "gaps": 10,
        "outdated": 2,
        "chinese": 5,
    }
    questions = [item["question"] for item in (*KNOWN["answerable"], *KNOWN["chinese"])] + KNOWN["gaps"]
    assert len(set(questions)) == 55


@pytest.mark.parametrize("group", ["answerable", "follow_ups", "chinese"])
def test_every_answer_stands_within_one_line_of_its_document(group: str) -> None:
    for item in KNOWN[group]:
        assert any(item["must"] in line for line in PAGES[item["document"]].splitlines()), item


def test_gaps_are_not_answered() -> None:
    assert len(GAP_WORDS) == len(KNOWN["gaps"])
    for question, word in zip(KNOWN["gaps"], GAP_WORDS, strict=True):
        assert re.search(word, question, re.IGNORECASE), question
        assert not any(re.search(rf"\b{word}", text, re.IGNORECASE) for text in PAGES.values()), word


def test_outdated_passages_stand_once() -> None:
    handbook = "\n".join(PAGES.values())
    for outdated in KNOWN["outdated"]:
        assert handbook.count(outdated["says"]) == PAGES[outdated["document"]].count(outdated["says"]) == 1
        assert len(set(outdated["paraphrases"])) == 3


def test_truth_stands_in_a_notice_for_clothes_and_nowhere_for_sundays() -> None:
    clothes, sundays = KNOWN["outdated"]
    assert "45 days" in clothes["truth"]
    assert "11:00 to 18:30" in sundays["truth"]
    assert [name for name, text in PAGES.items() if "45 days after the delivery day" in text] == ["notices.md"]
    assert not any("11:00 to 18:30" in text for text in PAGES.values())


def test_near_misses_have_other_answers_than_the_outdated_passage() -> None:
    handbook = "\n".join(PAGES.values())
    for outdated in KNOWN["outdated"]:
        assert len(outdated["near_misses"]) == 4
        for near_miss in outdated["near_misses"]:
            assert near_miss["says"] != outdated["says"]
            assert near_miss["says"] is None or handbook.count(near_miss["says"]) == 1, near_miss
