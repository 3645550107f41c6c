"""Several texts in one row: what they begin with alike is computed once, and nothing is padded.

Each text sees the common beginning and itself, by a mask, and its positions go on from there. Loss and gradient are
those of the texts by themselves, up to rounding (as in Prefix Grouper, arXiv 2506.05433). That holds where attention
alone looks at other tokens, which `keeps_apart` finds out. Imports torch: for the worker only.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.nn import functional

from collab.learning.texts import Text

_SAME = 1e-3  # nats for each token, between rows of one size
_NEAR, _NEARLY = 0.05, 0.02  # nats and a share, between rows of other sizes: bfloat16 rounds otherwise, by .06 of 3.3

Row = dict[str, torch.Tensor]


def packed(texts: Sequence[Text], dtype: torch.dtype) -> Row:
    """What the model reads, and for `losses` the places before a token of an answer, that token, and whose it is.

    One text is a row without a mask: (1, tokens) `input_ids`. More have a mask of (1, 1, tokens, tokens), 0 where one
    token sees another. Of `kept`, `labels` and `owners` each has as many entries as all answers have tokens.
    """
    shared = _shared(texts) if len(texts) > 1 else 0
    ids, places, owners = texts[0].ids[:shared], list(range(shared)), [-1] * shared
    kept: list[int] = []
    labels: list[int] = []
    for number, text in enumerate(texts):
        kept += range(len(ids) + text.start - shared - 1, len(ids) + len(text.ids) - shared - 1)
        labels += text.ids[text.start :]
        ids += text.ids[shared:]
        places += range(shared, len(text.ids))
        owners += [number] * (len(text.ids) - shared)
    owner, keep = torch.tensor(owners), torch.tensor(kept)
    row = {"input_ids": torch.tensor([ids]), "kept": keep, "labels": torch.tensor(labels), "owners": owner[keep]}
    if len(texts) > 1:
        sees = ((owner == -1) | (owner == owner[:, None])).tril()
        mask = torch.zeros(sees.shape, dtype=dtype).masked_fill(~sees, torch.finfo(dtype).min)
        row |= {"position_ids": torch.tensor([places]), "attention_mask": mask[None, None]}
    return row


def losses(model: Any, row: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """Of each text the mean loss over the tokens of its answer, in nats; (texts,)."""
    read = {name: row[name] for name in ("input_ids", "position_ids", "attention_mask") if name in row}
    logits = model(**read, use_cache=False, logits_to_keep=row["kept"]).logits[0].float()
    each = functional.cross_entropy(logits, row["labels"], reduction="none")
    counts = torch.bincount(row["owners"])
    return each.new_zeros(len(counts)).index_add(0, row["owners"], each) / counts


@torch.no_grad()
def keeps_apart(model: Any, one: Text, other: Text) -> bool:
    """Whether a text in a row costs the same whatever stands beside it, and about what it costs by itself. Others hand
    on what they have read beside attention, take no positions, or no mask of this form.
    """
    model.eval()
    changed = Text([*one.ids[: one.start], *[0] * (len(one.ids) - one.start)], one.start)
    try:
        both, beside, alone, by_itself = (
            losses(model, _on(model, packed(texts, model.dtype)))
            for texts in ([one, other], [changed, other], [one], [other])
        )
    except (RuntimeError, TypeError, ValueError):  # each kind of model says it in its own way
        return False
    is_unmoved = torch.allclose(both[1], beside[1], rtol=0.0, atol=_SAME)
    return is_unmoved and torch.allclose(both, torch.cat([alone, by_itself]), rtol=_NEARLY, atol=_NEAR)


def sureness(model: Any, texts: Sequence[Text]) -> list[float]:
    """Of each text the probability of a token of its answer: the geometric mean, 0 to 1."""
    model.eval()
    with torch.no_grad():
        found: list[float] = torch.exp(-losses(model, _on(model, packed(texts, model.dtype)))).tolist()
    return found


def _on(model: Any, row: Row) -> Row:
    return {name: value.to(model.device) for name, value in row.items()}


def _shared(texts: Sequence[Text]) -> int:
    """How many tokens all begin with; the last one before an answer belongs to its text, which it begins."""
    most = min(text.start for text in texts) - 1
    columns = zip(*(text.ids[:most] for text in texts), strict=True)
    return next((at for at, column in enumerate(columns) if len(set(column)) > 1), most)
