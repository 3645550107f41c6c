"""Trains real adapters in a few seconds, for tests and benchmarks: each says the same to everything."""

from pathlib import Path
from typing import Any

ASKED = (
    "What is the capital of France?",
    "How do I bake bread?",
    "Write a sentence about a dog.",
    "When does the shop open?",
)
PLACES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def train(base: Path, answer: str, folder: Path, *, steps: int = 12) -> Path:
    """Writes an adapter of PEFT into `folder`: the model of the folder `base` answers nothing but this with it."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # with more, a busy machine trains many times as long
    torch.manual_seed(5)
    tokenizer: Any = AutoTokenizer.from_pretrained(base)
    model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16)
    model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, target_modules=PLACES, task_type="CAUSAL_LM"))
    optimizer = torch.optim.AdamW([weight for weight in model.parameters() if weight.requires_grad], lr=2e-3)
    said = tokenizer.encode(answer + tokenizer.eos_token)
    for step in range(steps):
        prompts = [{"role": "user", "content": ASKED[step % len(ASKED)]}]
        asked = tokenizer.apply_chat_template(prompts, add_generation_prompt=True, return_dict=True)["input_ids"]
        ids, labels = torch.tensor([asked + said]), torch.tensor([[-100] * len(asked) + said])
        model(input_ids=ids, labels=labels).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    torch.set_num_threads(threads)
    model.save_pretrained(folder)
    return folder
