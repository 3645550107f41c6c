"""What a Chinese correction will and will not answer, by example, and what the rules of the decision say to each."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.scope.chinese.reading import read
from knowledge.scope.chinese.vetoes import vetoes
from knowledge.scope.examples import are_same_but_for_politeness, will_and_will_not

CASES = json.loads((Path(__file__).parents[1] / "scope_chinese.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("question", "will", "will_not"),
    [
        ("可以退货吗？", ["能不能退货？", "可不可以退货？", "是否可以退货？"], ["不可以退货吗？", "怎么退货？"]),
        ("能不能带宠物？", ["可以带宠物吗？", "能带宠物吗？"], ["怎么带宠物？"]),
        ("酒店有停车场吗？", ["酒店有没有停车场？", "酒店有停车位吗？"], ["酒店没有停车场吗？"]),
        ("访客要不要登记？", ["访客需要登记吗？", "访客是否需要登记？"], ["明年访客要不要登记？"]),
        ("2023年的年假有几天？", ["2023年的年假有多少天？"], ["2024年的年假有几天？", "2023年的年假有多少钱？"]),
        ("博物馆星期一几点开门？", ["博物馆周一几点开门？", "博物馆星期一什么时候开门？"],
         ["博物馆周二几点开门？", "博物馆星期一几点关门？", "博物馆星期一在哪里开门？"]),
        ("请问怎么修改密码？", ["如何修改密码？", "怎么更改密码？"], ["什么时候修改密码？"]),
        ("寄到日本多少钱？", ["寄到日本的价格是多少？"], ["寄到美国多少钱？", "寄到日本在哪里买？"]),
        ("怎么修改密码？", ["密码怎么修改？"], []),
        ("博物馆周一几点开门？", ["周一博物馆几点开门？", "博物馆周一的开门时间是几点？"], []),
        ("支持货到付款吗？", ["是否支持货到付款？"], []),
        ("门票多少钱一张？", ["门票一张多少钱？"], []),
        ("手术前可以带两个人吗？", ["手术前能带两个人吗？"], ["手术前可以带三个人吗？", "手术后可以带两个人吗？"]),
    ],
)  # fmt: skip
def test_examples(question: str, will: list[str], will_not: list[str]) -> None:
    found, found_not = will_and_will_not(question)
    assert set(will) <= set(found), found
    assert set(will_not) <= set(found_not), found_not
    assert len(found) == 5
    assert question not in (*found, *found_not)
    politer = [are_same_but_for_politeness(text, question) for text in found]
    assert politer == sorted(politer), found


@pytest.mark.parametrize(
    ("question", "never"),
    [
        ("押金什么时候退还？", "几点"),  # within a week: at no hour
        ("押金多少钱？", "几点"),
        ("押金在哪里退还？", "几点"),
        ("谁负责报销？", "负责人"),
        ("退货期限是多长？", "退回商品"),
    ],
)
def test_no_wording_asks_for_another_answer_or_a_finer_one(question: str, never: str) -> None:
    assert [text for text in will_and_will_not(question)[0] if never in text] == []


def test_an_hour_is_asked_for_by_when_as_well() -> None:
    assert "押金什么时候退还？" in will_and_will_not("押金几点退还？")[0]


def test_nearest_questions_of_others_are_near_misses() -> None:
    assert "食堂几点关门？" in will_and_will_not("谁负责报销？", ["食堂几点关门？"])[1]


def test_no_rule_speaks_against_a_paraphrase_and_one_does_against_each_near_miss() -> None:
    for case in CASES:
        known = read(case["question"])
        will, will_not = will_and_will_not(case["question"])
        assert [text for text in will_not if not vetoes(read(text), known)] == [], case["question"]
        assert [text for text in will if vetoes(read(text), known)] == [], case["question"]


@given(st.text("不没几多少吗怎么办理可以能有要前后周一二两3天？ ab北京打开", max_size=30).map("是".__add__))
def test_any_chinese_text_gives_examples(text: str) -> None:
    will, will_not = will_and_will_not(text)
    assert len(will) <= 5 >= len(will_not)
