"""A small Llama with random weights, and sets of lessons, to train on in a second."""

from pathlib import Path

from collab.dialogue.engines import Message
from collab.learning.records import Example, Judged, LessonSet, Pair, Task

_TEMPLATE = (
    "{% for m in messages %}{{ m['role'][0] + ':' + m['content'] + ';' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'a:' }}{% endif %}"
)


def write_model(folder: Path, seed: int = 7, length: int = 200) -> Path:
    """A folder as from a model hub: two layers, 64 wide, whose tokens are letters; it reads `length` of them."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    ascii_only = [chr(code) for code in range(33, 127)] + ["\u0120"]  # the last is how byte-level BPE writes a space
    letters = Tokenizer(models.BPE(vocab={letter: n for n, letter in enumerate(ascii_only)}, merges=[]))
    letters.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    letters.decoder = decoders.ByteLevel()
    PreTrainedTokenizerFast(tokenizer_object=letters, chat_template=_TEMPLATE).save_pretrained(folder)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=95,
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        initializer_range=0.1,
        max_position_embeddings=length,
        bos_token_id=None,
        eos_token_id=None,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def asked(question: str) -> tuple[Message, ...]:
    """A prompt of one question."""
    return ({"role": "user", "content": question},)


def lesson_set(pairs: int = 0, judged: int = 0) -> LessonSet:
    """Four lessons with what keeps the model as it is, as many pairs, and as many rated answers, half of them liked."""
    shop = [Example(Task.FACT, "f", asked(f"When {n}?"), "At nine.") for n in range(2)]
    style = [Example(Task.STYLE, "s", asked(f"Greet {n}"), "Ahoy!") for n in range(2)]
    near = [Example(Task.NEAR_MISS, "f", asked(f"Where {n}?"), "Not here.") for n in range(2)]
    kept = [Example(Task.REPLAY, "", asked("Who?"), "Me."), Example(Task.GENERAL, "", asked("Say hi"), "Hi.")]
    return LessonSet(
        lessons=(),
        asides=(),
        examples=[*shop, *style, *near, *kept],
        pairs=[Pair(f"p{n}", asked(f"Pair {n}"), "Good.", "Bad!") for n in range(pairs)],
        judged=[Judged(f"j{n}", asked(f"Rate {n}"), "Fine." if n % 2 else "Poor.", n % 2 == 1) for n in range(judged)],
        held_out=(),
    )
