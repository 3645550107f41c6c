"""What people are told when they come back, as it is shown."""

from datetime import UTC, datetime

import pytest

from collab.feedback.notices import NoticeKind, NoticeRecord
from collab.texts import LANGUAGES, load_texts
from collab.ui.present.told import notices

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def shown(kind: NoticeKind, language: str = "en", **params: str | int) -> str:
    record = NoticeRecord("n1", kind, params, None, None, None, None, NOON)
    return notices(load_texts(language), [record])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_kind_has_its_words_and_can_be_put_away(kind: NoticeKind, language: str) -> None:
    words = shown(kind, language, name="<Ana>", question="Is it open?", said="No.", days=3)
    assert f'class="notice {kind}"' in words
    assert 'data-notice="n1"' in words
    assert "<Ana>" not in words


def test_who_withdrew_or_replaced_ones_words_is_named() -> None:
    told = {"name": "Ana", "question": "Is it open?"}
    assert "Ana withdrew your answer to “Is it open?”: it answers nobody any more." in shown(
        NoticeKind.WITHDRAWN, **told
    )
    assert "Ana put another answer in the place of yours to “Is it open?”." in shown(NoticeKind.REPLACED, **told)


def test_cases_that_nobody_has_taken_lead_to_review() -> None:
    words = shown(NoticeKind.UNTAKEN, days=3)
    assert "Some cases have waited for more than 3 days, and nobody has taken them." in words
    assert 'data-go="review"' in words


def test_what_is_over_leads_to_its_card() -> None:
    record = NoticeRecord("n1", NoticeKind.EXPIRED, {"question": "Is it open?"}, None, None, "k1", None, NOON)
    assert 'data-act="card.open" data-correction="k1"' in notices(load_texts("en"), [record])
