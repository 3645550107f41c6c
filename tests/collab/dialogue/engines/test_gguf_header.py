"""How much a model reads, as its file says: after values of every kind, and where the file says nothing or is torn."""

import struct
from pathlib import Path

import pytest

from collab.dialogue.engines import packaged
from collab.dialogue.engines.gguf_header import trained_context
from collab.dialogue.engines.llama_server import fitting_context


def text(words: str) -> bytes:
    return struct.pack("<Q", len(words)) + words.encode()


def header(*pairs: bytes, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, 0, len(pairs)) + b"".join(pairs)


BEFORE = (
    text("general.architecture") + struct.pack("<I", 8) + text("qwen2"),
    text("general.scale") + struct.pack("<If", 6, 0.5),
    text("general.tags") + struct.pack("<IIQ", 9, 8, 2) + text("chat") + text("small"),
    text("general.sizes") + struct.pack("<IIQ3H", 9, 2, 3, 1, 2, 3),
)
LENGTH = text("qwen2.context_length") + struct.pack("<II", 4, 32_768)


@pytest.mark.parametrize(
    ("content", "tokens"),
    [
        (header(*BEFORE, LENGTH), 32_768),
        (header(LENGTH, version=2), 32_768),
        (header(text("llama.context_length") + struct.pack("<IQ", 10, 2_048)), 2_048),
        (header(*BEFORE), None),
        (header(*BEFORE, LENGTH)[:-6], None),
        (header(text("general.odd") + struct.pack("<I", 77), LENGTH), None),
        (header(LENGTH, version=1), None),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**63), None),
        (b"words", None),
        (b"", None),
    ],
)
def test_it_is_read_wherever_it_stands(tmp_path: Path, content: bytes, tokens: int | None) -> None:
    (tmp_path / "model.gguf").write_bytes(content)
    assert trained_context(tmp_path / "model.gguf") == tokens


def test_the_packaged_model_has_the_room_that_it_always_had() -> None:
    assert trained_context(packaged.packaged_gguf()) == 8_192
    assert fitting_context(8_192) == 8_192


@pytest.mark.parametrize(
    ("trained", "context"),
    [(None, 8_192), (512, 1_536), (2_048, 3_072), (8_000, 8_192), (12_000, 12_000), (131_072, 16_384)],
)
def test_the_room_follows_the_file_as_far_as_memory_allows(trained: int | None, context: int) -> None:
    assert fitting_context(trained) == context
