"""What is kept of texts that were read, and for how long."""

import pytest
import torch

from collab.dialogue.engines.prefixes import KeyValues, Prefixes

TOKEN_BYTES = 2 * 2 * 3 * 4  # keys and values, 2 heads of 3 numbers of 4 bytes


def layers(tokens: list[int]) -> KeyValues:
    """One layer, in which each token has its own number for a key and the negative one for a value."""
    keys = torch.tensor(tokens, dtype=torch.float32)[None, None, :, None].expand(1, 2, -1, 3).contiguous()
    return [(keys, -keys)]


def kept(prefixes: Prefixes, tokens: list[int], adapter: str | None = None) -> list[int]:
    found = prefixes.longest(adapter, tokens)
    return [int(key) for key in found[0][0][0, 0, :, 0]] if found else []


@pytest.fixture
def prefixes() -> Prefixes:
    return Prefixes(limit_bytes=100 * TOKEN_BYTES)


def test_the_longest_common_beginning_is_found_but_for_the_last_token(prefixes: Prefixes) -> None:
    for tokens in (list(range(20)), [*range(30), 99, 98]):
        prefixes.keep(None, tokens, layers(tokens))
    assert kept(prefixes, list(range(40))) == list(range(30))
    assert kept(prefixes, list(range(25))) == list(range(24))
    assert kept(prefixes, [7, *range(40)]) == []


def test_fewer_than_sixteen_tokens_are_read_again(prefixes: Prefixes) -> None:
    prefixes.keep(None, list(range(40)), layers(list(range(40))))
    assert kept(prefixes, [*range(15), 99, 99]) == []
    assert kept(prefixes, [*range(16), 99, 99]) == list(range(16))


def test_adapters_share_nothing(prefixes: Prefixes) -> None:
    prefixes.keep("a", list(range(40)), layers(list(range(40))))
    assert kept(prefixes, list(range(40))) == kept(prefixes, list(range(40)), "b") == []
    assert kept(prefixes, list(range(40)), "a") == list(range(39))


def test_a_text_takes_the_place_of_what_it_goes_on_with_and_the_one_not_used_for_longest_goes(
    prefixes: Prefixes,
) -> None:
    first, second, third = ([start + n for n in range(40)] for start in (100, 200, 300))
    prefixes.keep(None, first[:30], layers(first[:30]))
    prefixes.keep(None, first, layers(first))
    assert prefixes.size_bytes == 40 * TOKEN_BYTES
    prefixes.keep(None, second, layers(second))
    assert kept(prefixes, first) == first[:39]
    prefixes.keep(None, third, layers(third))
    assert prefixes.size_bytes == 80 * TOKEN_BYTES
    assert kept(prefixes, second) == []
    assert kept(prefixes, first) == first[:39]
    prefixes.keep(None, [*range(1000, 1101)], layers([*range(1000, 1101)]))
    assert prefixes.size_bytes == 0
