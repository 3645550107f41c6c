"""JSON lines: objects become named values, damage is told with its line."""

import pytest

from knowledge.formats.jsonl import read_jsonl
from knowledge.formats.rows import BadLineError, Field


def test_values_are_named_by_the_way_to_them_and_stay_as_written() -> None:
    line = '{"name": "TX", "price": 1.10, "size": {"w": 12345678901234567890, "h": null}, "tags": ["a", true]}'
    assert list(read_jsonl(f"{line}\n\n")) == [
        [
            Field("name", "TX"),
            Field("price", "1.10"),
            Field("size w", "12345678901234567890"),
            Field("size h", ""),
            Field("tags", "a, true"),
        ]
    ]


def test_lists_of_objects() -> None:
    assert list(read_jsonl('{"turns": [{"by": "A", "text": "Hi."}, {"by": "B", "text": "Yes?"}]}')) == [
        [Field("turns by", "A"), Field("turns text", "Hi."), Field("turns by", "B"), Field("turns text", "Yes?")]
    ]


def test_line_breaks_that_json_does_not_count_part_no_objects() -> None:
    assert list(read_jsonl('{"a": "x\u2028y"}')) == [[Field("a", "x\u2028y")]]


@pytest.mark.parametrize(
    "line", ['{"a": 1', "[1, 2]", '"text"', "{'a': 1}", '{"a":' * 5_000, '{"a":' * 25 + "1" + "}" * 25, "5"]
)
def test_damage_is_told_with_its_line(line: str) -> None:
    with pytest.raises(BadLineError) as caught:
        list(read_jsonl(f'{{"a": 1}}\n\n{line}\n{{"a": 2}}'))
    assert caught.value.line == 3


def test_a_long_name_over_many_values_is_cut() -> None:
    (row,) = read_jsonl('{"' + "n" * 5_000 + '": {"a": 1, "b": 2}}')
    assert [len(field.name) for field in row] == [100, 100]
