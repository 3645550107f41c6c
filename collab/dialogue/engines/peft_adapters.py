"""Adapters of PEFT in a model of transformers, of which one acts or none. Knows layers; knows no texts.

Which one acts is a state of the whole model: only the thread that owns the model may ask.
"""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collab.dialogue.engines.lora_gguf import WEIGHTS
from collab.errors import AdapterDamagedError

if TYPE_CHECKING:
    from transformers import PreTrainedModel


class PeftAdapters:
    """Their layers stand inside the model itself, which is not copied."""

    def __init__(self, model: "PreTrainedModel", folders: Mapping[str, Path]) -> None:
        """Reads safetensors only: other files of weights can run programs. Raises AdapterDamagedError."""
        self.names = frozenset(folders)
        self._layers: Any = None
        for name, folder in folders.items():
            if not (folder / WEIGHTS).is_file():
                raise AdapterDamagedError(path=str(folder), reason=f"it has no {WEIGHTS}")
            self._add(model, name, folder)

    @contextlib.contextmanager
    def acting(self, name: str | None) -> Iterator[None]:
        """The model as it came, or with one adapter."""
        if self._layers is None:
            yield
        elif name is None:
            with self._layers.disable_adapter():
                yield
        else:
            self._layers.set_adapter(name)
            yield

    def _add(self, model: "PreTrainedModel", name: str, folder: Path) -> None:
        from peft import PeftModel
        from safetensors import SafetensorError

        try:
            if self._layers is None:
                self._layers = PeftModel.from_pretrained(model, str(folder), adapter_name=name).eval()
            else:
                self._layers.load_adapter(str(folder), adapter_name=name)
        except (OSError, ValueError, RuntimeError, KeyError, TypeError, SafetensorError) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
            raise AdapterDamagedError(path=str(folder), reason=reason) from error
        if missing := self._missing(name, folder):
            reason = f"{len(missing)} of its tensors are missing, such as {missing[0]}"
            raise AdapterDamagedError(path=str(folder), reason=reason)

    def _missing(self, name: str, folder: Path) -> list[str]:
        """The tensors of its layers that the file does not have, which PEFT leaves as they are before any training."""
        from peft import get_peft_model_state_dict
        from safetensors import safe_open

        wanted = get_peft_model_state_dict(self._layers, adapter_name=name, save_embedding_layers=False)
        with safe_open(folder / WEIGHTS, framework="pt") as file:
            return sorted(wanted.keys() - file.keys())
