"""Engines to test with: a tiny model with random weights, and the packaged one."""

from pathlib import Path

import pytest

from collab.dialogue.engines import packaged

_TEMPLATE = (
    "{% for m in messages %}{{ m['role'][0] + ':' + m['content'] + ';' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'a:' }}{% endif %}"
)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as from a model hub: a Llama that babbles, whose tokens are ASCII letters; it reads 400 at once."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    ascii_only = [chr(code) for code in range(33, 127)] + ["\u0120"]  # the last is how byte-level BPE writes a space
    letters = Tokenizer(models.BPE(vocab={letter: n for n, letter in enumerate(ascii_only)}, merges=[]))
    letters.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    letters.decoder = decoders.ByteLevel()
    PreTrainedTokenizerFast(tokenizer_object=letters, chat_template=_TEMPLATE).save_pretrained(folder)
    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=95,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=400,
        bos_token_id=None,
        eos_token_id=None,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def packaged_folder(pytestconfig: pytest.Config) -> Path:
    """The packaged model, converted; kept between runs, because that takes a quarter of a minute."""
    return packaged.ready_folder(pytestconfig.cache.mkdir("engines"), lambda stage, share: None)
