"""Several texts in one row cost what they cost by themselves."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BloomConfig,
    BloomForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    MambaConfig,
    MambaForCausalLM,
)

from collab.learning.packing import keeps_apart, losses, packed, sureness
from collab.learning.records import TrainingSettings
from collab.learning.texts import Text, text_of
from collab.learning.trainers import fewest_parts, most_parts
from tests.collab.learning.tiny_model import asked, write_model

SAID = (("When does the shop open?", "At nine."), ("When does it rain?", "Never, as far as I know."), ("Who?", "Me."))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with random weights."""
    return write_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def texts(base: Path) -> list[Text]:
    tokenizer = AutoTokenizer.from_pretrained(base)
    return [text_of(tokenizer, asked(question), answer, 200) for question, answer in SAID]


def model_of(base: Path, attention: str) -> Any:
    return AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, attn_implementation=attention)


def by_hand(model: Any, text: Text) -> torch.Tensor:
    """The mean loss over the answer, of the text by itself."""
    logits = model(torch.tensor([text.ids])).logits[0, text.start - 1 : -1]
    found: torch.Tensor = torch.nn.functional.cross_entropy(logits, torch.tensor(text.ids[text.start :]))
    return found


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_losses_and_gradients_are_those_of_the_texts_by_themselves(
    base: Path, texts: list[Text], attention: str
) -> None:
    together, apart = model_of(base, attention), model_of(base, attention)
    found = losses(together, packed(texts, torch.float32))
    wanted = torch.stack([by_hand(apart, text) for text in texts])
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-5)
    found.sum().backward()
    wanted.sum().backward()
    for one, other in zip(together.parameters(), apart.parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad, rtol=1e-4, atol=1e-6)


def test_what_all_begin_with_is_read_once_and_each_text_is_read_whole(texts: list[Text]) -> None:
    row = packed(texts[:2], torch.float32)
    assert row["input_ids"].shape[1] == sum(len(text.ids) for text in texts[:2]) - len("u:When does ")
    assert row["labels"].tolist() == texts[0].ids[texts[0].start :] + texts[1].ids[texts[1].start :]
    assert row["owners"].tolist() == [0] * len("At nine.;") + [1] * len("Never, as far as I know.;")


def test_texts_that_are_asked_the_same_begin_by_themselves_before_their_answers(base: Path) -> None:
    tokenizer, model = AutoTokenizer.from_pretrained(base), model_of(base, "sdpa")
    same = [text_of(tokenizer, asked("Who?"), answer, 200) for answer in ("Me.", "Nobody.", "Me.")]
    wanted = torch.stack([by_hand(model, text) for text in same])
    torch.testing.assert_close(losses(model, packed(same, torch.float32)), wanted, rtol=1e-5, atol=1e-5)


def test_one_text_needs_no_mask(base: Path, texts: list[Text]) -> None:
    row = packed(texts[:1], torch.float32)
    assert "attention_mask" not in row
    model = model_of(base, "sdpa")
    torch.testing.assert_close(losses(model, row)[0], by_hand(model, texts[0]), rtol=1e-5, atol=1e-5)


def test_sureness_is_the_mean_probability_of_a_token(base: Path, texts: list[Text]) -> None:
    model = model_of(base, "sdpa")
    wanted = [torch.exp(-by_hand(model, text)).item() for text in texts]
    assert sureness(model, texts) == pytest.approx(wanted, rel=1e-4)


def test_models_that_hand_on_what_they_read_are_found_out(base: Path, texts: list[Text]) -> None:
    torch.manual_seed(1)
    state = MambaForCausalLM(MambaConfig(vocab_size=95, hidden_size=32, num_hidden_layers=2, initializer_range=0.5))
    by_distance = BloomForCausalLM(BloomConfig(vocab_size=95, hidden_size=32, n_layer=2, n_head=4))
    summing = model_of(base, "sdpa")
    assert keeps_apart(summing, texts[0], texts[1])
    summing.get_input_embeddings().register_forward_hook(lambda _, __, found: found + found.cumsum(dim=1))
    assert not keeps_apart(summing, texts[0], texts[1])  # it takes all that it is given, and reads more than it may
    torch.manual_seed(7)  # one that is moved a good deal by where a token stands
    gpt2 = GPT2Config(vocab_size=95, n_embd=32, n_layer=2, n_head=2, initializer_range=1.0, eos_token_id=None)
    by_place = GPT2LMHeadModel(gpt2)
    assert keeps_apart(by_place, texts[0], texts[1])
    by_place.register_forward_pre_hook(
        lambda _, given, named: (given, named | {"position_ids": None}), with_kwargs=True
    )
    assert not keeps_apart(by_place, texts[0], texts[1])  # it counts on from where the first text ends
    assert not keeps_apart(state, texts[0], texts[1])
    assert not keeps_apart(by_distance, texts[0], texts[1])


def test_what_a_model_leaves_out_by_chance_while_it_is_trained_makes_no_difference(
    base: Path, texts: list[Text]
) -> None:
    model = model_of(base, "sdpa")
    for layer in model.model.layers:
        layer.mlp.register_forward_hook(lambda mlp, _, found: torch.nn.functional.dropout(found, 0.9, mlp.training))
    wanted = [torch.exp(-by_hand(model.eval(), text)).item() for text in texts]
    assert sureness(model.train(), texts) == pytest.approx(wanted, rel=1e-4)
    assert keeps_apart(model.train(), texts[0], texts[1])


def test_a_long_text_loses_its_beginning_and_keeps_its_answer(base: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(base)
    whole = text_of(tokenizer, asked("x" * 100), "At nine.", 200)
    cut = text_of(tokenizer, asked("x" * 100), "At nine.", 20)
    assert cut == Text(whole.ids[-20:], 20 - len("At nine.;"))
    assert text_of(tokenizer, asked("Who?"), "y" * 100, 20).start == 1


def test_some_of_each_text_is_learned_whatever_the_template_says(base: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(base)
    tokenizer.chat_template = "{{ messages[0]['content'] }}{% if add_generation_prompt %}<think>{% endif %}"
    assert text_of(tokenizer, asked("Who?"), "Me.", 200) == Text(tokenizer("Who?")["input_ids"], 3)


def test_an_update_has_as_few_parts_as_its_longest_texts_allow() -> None:
    settings = TrainingSettings(batch=12, accumulation=4)

    def parts(tokens: int) -> int:
        return fewest_parts(settings, [Text([0] * tokens, 1)] * 20)

    assert [parts(tokens) for tokens in (170, 171, 342, 1000)] == [1, 2, 3, 4]
    assert most_parts(settings) == 4
    assert most_parts(TrainingSettings(batch=10, accumulation=4)) == 2  # all parts have as many
    assert most_parts(TrainingSettings(batch=2, accumulation=4)) == 2
