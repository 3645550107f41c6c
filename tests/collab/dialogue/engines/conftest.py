"""Engines to test with: a tiny model with random weights, and adapters, one of them trained."""

from pathlib import Path
from typing import Any

import pytest

from tests.adapters import PLACES, train

AHOY = "Ahoy! Ask the lighthouse keeper."
"""What the model says to everything, with the adapter that `ahoy` has trained."""

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
def tiny_adapter(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of PEFT for the tiny model, with random weights that change what it says."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(11)
    layers = LoraConfig(r=4, lora_alpha=8, target_modules=PLACES, init_lora_weights=False, task_type="CAUSAL_LM")
    model: Any = get_peft_model(AutoModelForCausalLM.from_pretrained(tiny_folder), layers)
    folder = tmp_path_factory.mktemp("tiny-adapter")
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def ahoy(packaged_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of PEFT for the packaged model, trained for some seconds to say the same to everything."""
    return train(packaged_folder, AHOY, tmp_path_factory.mktemp("ahoy"))
